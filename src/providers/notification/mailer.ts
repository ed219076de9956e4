/** A message to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Brings mails on their way. */
export interface Mailer {
  /** @throws Error the mail was not taken; it may be tried again */
  send(mail: Mail): Promise<void>;
}
