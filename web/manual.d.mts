/** The HTML of a page of docs/, from its Markdown (CommonMark with tables). */
export function manualPage(markdown: string): string;
