using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace TrustMesh.Cli.Output;

/// <summary>
/// Data to stdout, everything else to stderr. Data is JSON with <c>--json</c>, a table on a terminal, tab-separated lines in a pipe.
/// Text from a silo is never given to the terminal raw: control characters are shown, not obeyed (attack A44).
/// </summary>
internal sealed class Printer(Surroundings surroundings, bool json)
{
    private readonly IAnsiConsole? console = !surroundings.OutIsTerminal ? null : AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(surroundings.Out),
        Ansi = surroundings.Variable("NO_COLOR") is null ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = surroundings.Variable("NO_COLOR") is null ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
    });

    public bool IsJson => json;

    /// <summary>One JSON document, indented for people when they watch, on one line otherwise.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type) => Json(value, type, surroundings.OutIsTerminal);

    /// <summary>One JSON document on one line, whoever reads: an item of a stream.</summary>
    public void JsonLine<T>(T value, JsonTypeInfo<T> type)
    {
        Json(value, type, indented: false);
        surroundings.Out.Flush();
    }

    private void Json<T>(T value, JsonTypeInfo<T> type, bool indented)
    {
        using var document = new MemoryStream();
        using (var writer = new Utf8JsonWriter(document, new JsonWriterOptions { Indented = indented }))
            JsonSerializer.Serialize(writer, value, type);
        surroundings.Out.WriteLine(Encoding.UTF8.GetString(document.GetBuffer(), 0, (int)document.Length));
    }

    /// <summary>Rows under a header. A cell whose column is called LOOK, STATUS, OUTCOME or HEALTH gets its colour on a terminal.</summary>
    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (console is null)
        {
            surroundings.Out.WriteLine(string.Join('\t', columns));
            foreach (var row in rows) surroundings.Out.WriteLine(string.Join('\t', row.Select(Shown.Line)));
            return;
        }
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column + " ", new Style(decoration: Decoration.Bold))));
        foreach (var row in rows)
            table.AddRow(row.Select((cell, at) => new Text(Shown.Line(cell) + " ", Shown.StyleOf(columns[at], cell))).ToArray());
        console.Write(table);
    }

    /// <summary>Names and values, one a line; values are printed whole.</summary>
    public void Facts(IEnumerable<(string Name, string Value)> facts)
    {
        foreach (var (name, value) in facts)
            surroundings.Out.WriteLine(console is null ? $"{name}\t{Shown.Line(value)}" : $"{name + ":",-18} {Shown.Line(value)}");
    }

    /// <summary>A heading between two parts of data for people.</summary>
    public void Heading(string text)
    {
        surroundings.Out.WriteLine();
        surroundings.Out.WriteLine(Shown.Line(text));
    }

    /// <summary>One line of data.</summary>
    public void Line(string text) => surroundings.Out.WriteLine(Shown.Line(text));

    /// <summary>Something for a person that is not data: stderr.</summary>
    public void Note(string text) => surroundings.Error.WriteLine(Shown.Line(text));
}
