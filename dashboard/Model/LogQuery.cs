namespace TrustMesh.Dashboard.Model;

/// <summary>Which entries of the log are asked for, as they stand in the page's address; empty for any.</summary>
public sealed record LogQuery(string? Kind, string? By, string? Text, DateTimeOffset? Since, DateTimeOffset? Until)
{
    public bool AsksForAll => (Kind, By, Text, Since, Until) is (null, null, null, null, null);

    /// <summary>For an address, each with an ampersand before it.</summary>
    public string Parameters => string.Concat(Asked.Select(one => $"&{one.Name}={Uri.EscapeDataString(one.Value)}"));

    /// <summary>The same in a shell.</summary>
    public string Command => "trustmesh log show" + string.Concat(Asked.Select(one => $" --{one.Name} {ShellText.Quote(one.Value)}"));

    private IEnumerable<(string Name, string Value)> Asked
        => new[] { ("kind", Kind), ("by", By), ("text", Text), ("since", Since is { } since ? InstantText.Of(since) : null), ("until", Until is { } until ? InstantText.Of(until) : null) }.Where(one => one.Item2 is not null).Select(one => (one.Item1, one.Item2!));

    public static LogQuery Of(string? kind, string? by, string? text, DateTimeOffset? since, DateTimeOffset? until) => new(Word(kind), Word(by), Word(text), since, until);

    private static string? Word(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
