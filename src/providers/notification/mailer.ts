/** An e-mail to one person. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for each try, so that mail servers recognise a mail that is sent again. */
  readonly id?: string;
  /** The language that it is written in. */
  readonly language?: string;
}

/** Sends e-mails. */
export interface Mailer {
  /**
   * Hands an e-mail over for delivery.
   * @throws Error if the e-mail was not accepted; it may be sent again
   */
  send(mail: Mail): Promise<void>;
}
