"""Makes quote-sheet.xlsx, empty, and filled-in.svg, a picture of it filled in; with the standard library alone.

    python make.py

An .xlsx file is a ZIP archive of XML (ECMA-376). Here it is the smallest that spreadsheets open: one sheet, its styles,
and the files that name them. Dates within the archive are fixed, so the same sheet is the same file.
"""

import zipfile
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parents[1]
TITLE = "The Quote Sheet"
HINT = "Fill in the tinted cells. The rest works itself out."
HEADINGS = ("Piece of work", "Best", "Likely", "Worst", "Expected", "Price")
FIRST, LAST = 7, 14  # the rows for pieces of work
RATE = 400
END = ' text-anchor="end"'
EXAMPLE = (
    ("Read what there is", 0.5, 1, 2),
    ("First draft", 2, 3, 6),
    ("Talk it through", 0.5, 0.5, 1),
    ("Second draft", 1, 1.5, 3),
)

# Styles by their place in styles.xml.
PLAIN, BOLD, INPUT, NUMBER, TOTAL, BIG, HEADING = range(7)

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def text(cell: str, words: str, style: int = PLAIN) -> str:
    return f'<c r="{cell}" s="{style}" t="inlineStr"><is><t>{escape(words)}</t></is></c>'


def formula(cell: str, sum_: str, style: int, result: str = "") -> str:
    kind = "" if result else ' t="str"'
    return f'<c r="{cell}" s="{style}"{kind}><f>{escape(sum_)}</f><v>{result}</v></c>'


def row(number: int, *cells: str, height: int = 20) -> str:
    return f'<row r="{number}" ht="{height}" customHeight="1">{"".join(cells)}</row>'


def piece(number: int) -> str:
    """Return the row of a piece of work: four cells to fill in, and two that are worked out."""
    days = f'IF(COUNT(B{number}:D{number})=3,ROUND((B{number}+4*C{number}+D{number})/6,2),"")'
    price = f'IF(E{number}="","",E{number}*$B$4)'
    empty = "".join(f'<c r="{column}{number}" s="{INPUT}"/>' for column in "ABCD")
    return row(number, empty, formula(f"E{number}", days, NUMBER), formula(f"F{number}", price, NUMBER))


def sheet() -> str:
    """Return the empty sheet."""
    total = LAST + 1
    sums = [
        formula(f"{column}{total}", f"SUM({column}{FIRST}:{column}{LAST})", TOTAL, "0") for column in "EF"
    ]
    rows = (
        row(1, text("A1", TITLE, BIG), height=30),
        row(2, text("A2", HINT)),
        row(4, text("A4", "Your day rate", BOLD), f'<c r="B4" s="{INPUT}"/>'),
        row(
            6, *(text(f"{column}6", words, HEADING) for column, words in zip("ABCDEF", HEADINGS, strict=True))
        ),
        *(piece(number) for number in range(FIRST, LAST + 1)),
        row(total, text(f"A{total}", "Together", BOLD), *sums),
    )
    column = '<col min="{}" max="{}" width="{}" customWidth="1"/>'
    widths = f"<cols>{column.format(1, 1, 34)}{column.format(2, 6, 11)}</cols>"
    page = '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    return f'{HEAD}<worksheet xmlns="{MAIN}">{widths}<sheetData>{"".join(rows)}</sheetData>{page}</worksheet>'


def styles() -> str:
    """Return the styles: fonts, grounds and borders, and the combinations that cells name."""
    font = '<font>{}<sz val="{}"/><name val="Calibri"/></font>'
    fonts = font.format("", 11) + font.format("<b/>", 11) + font.format("<b/>", 18)
    fills = '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    fills += '<fill><patternFill patternType="solid"><fgColor rgb="FFFBEBD9"/></patternFill></fill>'
    edge = '<color rgb="FF9C8F7E"/>'
    borders = "<border><left/><right/><top/><bottom/></border>"
    borders += f'<border><left/><right/><top/><bottom style="thin">{edge}</bottom></border>'
    borders += f'<border><left/><right/><top style="medium">{edge}</top><bottom/></border>'
    made = ((0, 0, 0, 0), (1, 0, 0, 0), (0, 2, 1, 0), (0, 0, 1, 4), (1, 0, 2, 4), (2, 0, 0, 0), (1, 0, 1, 0))
    cells = "".join(
        f'<xf numFmtId="{number}" fontId="{face}" fillId="{ground}" borderId="{border}" xfId="0"'
        ' applyFont="1" applyFill="1" applyBorder="1" applyNumberFormat="1"/>'
        for face, ground, border, number in made
    )
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="3">{fonts}</fonts><fills count="3">{fills}</fills>'
        f'<borders count="3">{borders}</borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(made)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def parts() -> dict[str, str]:
    """Return the archive's files, by path."""
    types = f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
    types += f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>'
    types += f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/>'
    known = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    link = '<Relationship Id="rId{}" Type="' + OFFICE + '/{}" Target="{}"/>'
    links = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{{}}</Relationships>'
    book = f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="Quote" sheetId="1" r:id="rId1"/></sheets>'
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">{known}{types}</Types>',
        "_rels/.rels": links.format(link.format(1, "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'{HEAD}{book}<calcPr fullCalcOnLoad="1"/></workbook>',
        "xl/_rels/workbook.xml.rels": links.format(
            link.format(1, "worksheet", "worksheets/sheet1.xml") + link.format(2, "styles", "styles.xml")
        ),
        "xl/worksheets/sheet1.xml": sheet(),
        "xl/styles.xml": styles(),
    }


def picture() -> str:
    """Return the sheet, filled in with the example, as an SVG."""
    lines, total = [], 0.0
    for name, best, likely, worst in EXAMPLE:
        expected = round((best + 4 * likely + worst) / 6, 2)
        total += expected
        lines.append(
            (name, f"{best:g}", f"{likely:g}", f"{worst:g}", f"{expected:.2f}", f"{expected * RATE:,.2f}")
        )
    ends = (20, 288, 356, 424, 514, 620)  # where the first column begins, and where the others end

    def cells(at: float, words: tuple[str, ...], extra: str = "") -> str:
        return "".join(
            f'<text x="{end}" y="{at}"{extra}{END if index else ""}>{escape(word)}</text>'
            for index, (end, word) in enumerate(zip(ends, words, strict=True))
        )

    bold, top = ' font-weight="700"', 128
    drawn = [
        f'<text x="20" y="38" font-size="22"{bold}>{TITLE}</text>',
        '<rect x="228" y="58" width="64" height="26" fill="#fbebd9"/>',
        f'<text x="20" y="76"{bold}>Your day rate</text><text x="288" y="76" text-anchor="end">{RATE}</text>',
        cells(top - 14, HEADINGS, bold),
        f'<rect x="12" y="{top - 4}" width="416" height="{32 * len(lines)}" fill="#fbebd9"/>',
    ]
    for index, line in enumerate(lines):
        at = top + 32 * index
        drawn.append(f'<path d="M12 {at - 4}h616" stroke="#9c8f7e"/>{cells(at + 17, line)}')
    below = top + 32 * len(lines)
    drawn.append(f'<path d="M12 {below - 4}h616" stroke="#9c8f7e" stroke-width="2"/>')
    drawn.append(cells(below + 19, ("Together", "", "", "", f"{total:.2f}", f"{total * RATE:,.2f}"), bold))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="{below + 36}" viewBox="0 0 640 {below + 36}" '
        'font-family="Arial, Helvetica, sans-serif" font-size="15" fill="#1d1a16">'
        f'<rect width="640" height="{below + 36}" fill="#fff"/>{"".join(drawn)}</svg>\n'
    )


def main() -> None:
    with zipfile.ZipFile(FOLDER / "quote-sheet.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            made = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            made.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(made, content)
    (FOLDER / "filled-in.svg").write_text(picture(), "utf-8")


if __name__ == "__main__":
    main()
