using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TrustMesh.Dashboard.Model;

/// <summary>One kind of result as a file to keep: a table that no spreadsheet runs (<see cref="CsvText"/>), or an array of what the API says.</summary>
/// <param name="Name">Of the file, without its ending.</param>
/// <param name="Columns">The header line.</param>
/// <param name="Fields">Of a row, in the order of the columns.</param>
public sealed record ResultFile<T>(string Name, IReadOnlyList<string> Columns, Func<T, IReadOnlyList<string>> Fields, JsonTypeInfo<IReadOnlyList<T>> Json)
{
    /// <summary>UTF-8, with a header line.</summary>
    public byte[] Csv(IEnumerable<T> rows) => Encoding.UTF8.GetBytes(CsvText.Of(Columns, rows.Select(Fields)));

    /// <summary>UTF-8, an array.</summary>
    public byte[] Array(IReadOnlyList<T> rows) => JsonSerializer.SerializeToUtf8Bytes(rows, Json);
}
