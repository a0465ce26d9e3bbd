/** These ids are known at activation. Their handlers load with `webhookCommands` on first use. */
export const WEBHOOK_COMMANDS = [
  'scalekit.webhook.send',
  'scalekit.webhook.sendAgain',
  'scalekit.webhook.listen',
  'scalekit.webhook.stopListening',
  'scalekit.webhook.explain',
  'scalekit.webhook.copyHandler',
] as const;
