import { type MailData, type MailName, mailNames } from "../mail-data.ts";
import { type MailedShop, MailTemplates, type RenderedMail } from "../mail-templates.ts";
import { sampleMails, sampleShop } from "../sample-mails.ts";

/** What previews are written from, beside the samples. */
export interface PreviewSource {
  /** The folder of the shop's own templates. */
  readonly templates: string | undefined;
  /** The shop's language. */
  readonly language: string;
  readonly shop: MailedShop;
  /** Takes the place of the first sample of a mail. */
  readonly data: Partial<MailData>;
  /** Where the pictures of the samples are served. */
  readonly picturesAt: string;
}

/** One preview: a mail in a language, with one of its samples, counted from 0. */
export interface Preview {
  readonly name: MailName;
  readonly language: string;
  readonly sample: number;
}

/** Writes previews of mails by the templates as they are on the disk at that time. */
export class Previews {
  private constructor(
    private readonly templates: MailTemplates,
    private readonly source: PreviewSource,
  ) {}

  /**
   * Reads the templates.
   * @throws StartupError if the folder or a file of it cannot be read
   */
  static async open(source: PreviewSource): Promise<Previews> {
    return new Previews(await MailTemplates.open(source.templates, source.language), source);
  }

  /** Returns every preview there is. */
  list(): Preview[] {
    return mailNames.flatMap((name) =>
      this.templates
        .languagesOf(name)
        .flatMap((language) => sampleMails[name].map((_, sample) => ({ name, language, sample }))),
    );
  }

  /**
   * Writes one.
   * @throws Error if its template is wrong
   */
  write({ name, language, sample }: Preview): RenderedMail {
    const { shop, data: own, picturesAt } = this.source;
    const data = (sample === 0 && own[name]) || sampleMails[name][sample];
    const local = JSON.parse(JSON.stringify(data).replaceAll(sampleShop.url, picturesAt));
    return this.templates.render(name, {
      data: local,
      shop,
      languages: [language],
      isStrict: true,
    });
  }
}
