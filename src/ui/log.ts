import type { LogOutputChannel } from 'vscode';
import type { RequestLogEntry } from '../api/client/http';
import { displayText } from './displayText';
import type { Redactor } from './redactor';

/** How many lines to remember for a problem report. */
const MOST_LINES = 200;

/** Where the frames of a stack begin. Only they may take lines of their own. */
const FRAME = /\n(?= {4}at )/;

/** The extension's log channel. Every line passes the redactor and stays one line, whatever the server put into it. */
export class Log {
  private readonly lines: string[] = [];

  constructor(
    private readonly channel: LogOutputChannel,
    private readonly redactor: Redactor,
  ) {}

  debug(line: string): void {
    this.channel.debug(this.kept('debug', line));
  }

  info(line: string): void {
    this.channel.info(this.kept('info', line));
  }

  warn(line: string): void {
    this.channel.warn(this.kept('warn', line));
  }

  error(line: string): void {
    this.channel.error(this.kept('error', line));
  }

  /** One line for one request: method, address without its query, status, milliseconds, trace ID. */
  exchange(report: RequestLogEntry): void {
    const outcome = report.failure ?? report.status;
    const trace = report.traceId === undefined ? '' : ` trace ${report.traceId}`;
    const line = `${report.method} ${report.url} ${outcome} ${Math.round(report.durationMs)} ms${trace}`;
    if (report.failure !== undefined || (report.status ?? 0) >= 400) this.warn(line);
    else this.info(line);
  }

  /** Up to 200 of this window's last lines, oldest first, including levels that the channel doesn't show. */
  lastLines(): readonly string[] {
    return [...this.lines];
  }

  show(): void {
    this.channel.show();
  }

  private kept(level: string, line: string): string {
    const text = this.redactor.redact(line).split(FRAME).map(displayText).join('\n');
    this.lines.push(`${new Date().toISOString()} [${level}] ${text}`);
    if (this.lines.length > MOST_LINES) this.lines.shift();
    return text;
  }
}
