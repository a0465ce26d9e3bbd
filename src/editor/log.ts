import type { LogOutputChannel } from 'vscode';
import type { ExchangeReport } from '../api/transport.js';
import type { Redactor } from './redactor.js';

/** The extension's log channel. Every line passes the redactor. */
export class Log {
  constructor(
    private readonly channel: LogOutputChannel,
    private readonly redactor: Redactor,
  ) {}

  debug(line: string): void {
    this.channel.debug(this.redactor.redact(line));
  }

  info(line: string): void {
    this.channel.info(this.redactor.redact(line));
  }

  warn(line: string): void {
    this.channel.warn(this.redactor.redact(line));
  }

  error(line: string): void {
    this.channel.error(this.redactor.redact(line));
  }

  /** One line for one request: method, address without its query, status, milliseconds, trace id. */
  exchange(report: ExchangeReport): void {
    const outcome = report.failure ?? report.status;
    const trace = report.traceId === undefined ? '' : ` trace ${report.traceId}`;
    const line = `${report.method} ${report.url} ${outcome} ${Math.round(report.durationMs)} ms${trace}`;
    if (report.failure !== undefined || (report.status ?? 0) >= 400) this.warn(line);
    else this.info(line);
  }

  /** Brings the channel to the front. */
  show(): void {
    this.channel.show();
  }
}
