// `proof.pdf`: a page that sums up, a receipt for every schedule, the schema, and how to check the bundle. It carries no date of
// its own, so that equal records make equal bytes.
import type { PublishOutcome } from '../../domain/proof/outcome.ts';
import type { ProofRecord } from '../../domain/proof/record.ts';
import { embedFont } from './embed-font.ts';
import { readFontFile } from './font-file.ts';
import { backMatter, type ProofCover, summary } from './front-and-back.ts';
import { beginPages, TEXT_WIDTH } from './pages.ts';
import { type ByteSink, beginPdf } from './pdf-file.ts';
import { addReceipt, RECEIPT_FORM, receiptForm } from './receipt.ts';
import { createTypesetter } from './typeset.ts';

const FONT = new URL(import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
const FOOT_SIZE = 7;

export interface ProofPdf {
  add(record: ProofRecord): void;
  /** Writes what is left; nothing may follow. */
  end(): void;
}

/** Begins the PDF of a range. */
export function beginProofPdf(sink: ByteSink, cover: ProofCover): ProofPdf {
  const font = readFontFile(FONT);
  const typesetter = createTypesetter(font);
  const file = beginPdf(sink);
  const [root, parent, info, resources, fontId, formId] = [
    file.reserve(),
    file.reserve(),
    file.reserve(),
    file.reserve(),
    file.reserve(),
    file.reserve(),
  ];
  const part = (name: string) => {
    const footer = (page: number) =>
      typesetter.lines(`Oncepost proof · ${cover.workspace} · ${name} ${page}`, FOOT_SIZE, TEXT_WIDTH)[0] ?? '';
    return beginPages({ file, parent, resources, footer });
  };
  const receipts = part('receipts, page');
  const outcomes = new Map<PublishOutcome, number>();
  let count = 0;
  return {
    add(record) {
      count += 1;
      outcomes.set(record.publishOutcome, (outcomes.get(record.publishOutcome) ?? 0) + 1);
      addReceipt(receipts, typesetter, record, count);
    },
    end() {
      const middle = receipts.end();
      const front = part('summary, page');
      front.add(summary(typesetter, cover, outcomes, count));
      const first = front.end();
      const back = part('schema and verification, page');
      for (const block of backMatter(typesetter)) back.add(block);
      const last = back.end();
      const nodes = [...first.nodes, ...middle.nodes, ...last.nodes];
      file.put(
        parent,
        `<< /Type /Pages /Count ${first.count + middle.count + last.count} /Kids [${nodes.map((id) => `${id} 0 R`).join(' ')}] >>`,
      );
      file.put(resources, `<< /Font << /F ${fontId} 0 R >> /XObject << /${RECEIPT_FORM} ${formId} 0 R >> >>`);
      const { box, content } = receiptForm(typesetter);
      const entries = `/Type /XObject /Subtype /Form /BBox [${box}] /Resources << /Font << /F ${fontId} 0 R >> >> `;
      file.putStream(formId, content, entries);
      embedFont(file, fontId, font, typesetter.used);
      file.put(
        root,
        `<< /Type /Catalog /Pages ${parent} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>`,
      );
      file.put(info, '<< /Title (Publishing proof) /Producer (Oncepost) >>');
      file.end({ root, info });
    },
  };
}
