namespace TrustMesh.Contracts.Queries;

/// <summary>Something a query can ask about.</summary>
/// <param name="Meaning">A few words for a list of choices.</param>
/// <param name="Example">A term with it, as somebody might write it.</param>
/// <param name="Words">What it can be, where that is one of a few words.</param>
/// <param name="Aliases">Other names of the field.</param>
public sealed record QueryField(string Name, QueryKind Kind, string Meaning, string Example, IReadOnlyList<string> Words, IReadOnlyList<string> Aliases)
{
    internal delegate T Reader<T>(in DeviceFacts device);

    /// <summary>Other words for one of <see cref="Words"/>, and which.</summary>
    public IReadOnlyDictionary<string, string> Synonyms { get; init; } = new Dictionary<string, string>();

    internal Reader<string?> Text { get; init; } = static (in DeviceFacts _) => null;

    internal Reader<IReadOnlyList<string>?> Texts { get; init; } = static (in DeviceFacts _) => null;

    internal Reader<DateTimeOffset?> Moment { get; init; } = static (in DeviceFacts _) => null;

    internal Reader<long?> Number { get; init; } = static (in DeviceFacts _) => null;

    /// <summary>A device may have none of it: <c>none</c> finds those.</summary>
    public bool IsOptional => IsOrdered || Kind is QueryKind.Texts;

    /// <summary>It can be more or less, not only equal.</summary>
    public bool IsOrdered => Kind is QueryKind.Age or QueryKind.Left or QueryKind.Number or QueryKind.Version;

    /// <summary>What a device has of it, as a person would write it; nothing where that is a time.</summary>
    public IEnumerable<string> ValuesOf(DeviceFacts device) => Kind switch
    {
        QueryKind.Number => Number(device) is { } number ? [number.ToString(System.Globalization.CultureInfo.InvariantCulture)] : [],
        QueryKind.Age or QueryKind.Left => [],
        QueryKind.Texts => Texts(device) ?? [],
        _ => Text(device) is { Length: > 0 } text ? [text] : [],
    };
}
