using System.Text;

namespace TrustMesh.Dashboard.Model;

/// <summary>Tables as files to keep.</summary>
public static class CsvText
{
    private const string Formula = "=+-@|%\uFF1D\uFF0B\uFF0D\uFF20";

    /// <summary>
    /// RFC 4180, with a header line. Whoever opens it in a spreadsheet runs nothing: a field that would begin a formula there begins with an apostrophe
    /// instead (A44), and every field is quoted.
    /// </summary>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var text = new StringBuilder();
        foreach (var fields in rows.Prepend(columns))
        {
            for (var i = 0; i < fields.Count; i++)
                text.Append(i == 0 ? "" : ",").Append('"').Append(Tame(fields[i]).Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            text.Append("\r\n");
        }
        return text.ToString();
    }

    /// <summary>UTC; empty for none.</summary>
    public static string Time(DateTimeOffset? moment) => moment is { } at ? InstantText.Of(at) : "";

    public static string Word(bool value) => value ? "true" : "false";

    /// <summary>Spreadsheets take what begins like this for a formula, also behind blanks and in its full-width form.</summary>
    private static string Tame(string field) => field.Length > 0 && (field[0] is '\t' or '\r' or '\n' || field.TrimStart() is [var first, ..] && Formula.Contains(first)) ? "'" + field : field;
}
