import type { Plugin } from 'esbuild';

export declare const slimDescriptors: Plugin;
