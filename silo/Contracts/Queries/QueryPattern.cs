namespace TrustMesh.Contracts.Queries;

/// <summary>
/// A text with an optional <c>*</c> at either end. Nothing else of it has a meaning: looking for it takes one pass over the other text, whatever somebody wrote
/// (attack A28).
/// </summary>
/// <param name="Text">Without the asterisks.</param>
public readonly record struct QueryPattern(string Text, bool OpenStart, bool OpenEnd)
{
    public bool IsOpen => OpenStart || OpenEnd;

    public bool Matches(ReadOnlySpan<char> text) => (OpenStart, OpenEnd) switch
    {
        (false, false) => text.Equals(Text, StringComparison.OrdinalIgnoreCase),
        (false, true) => text.StartsWith(Text, StringComparison.OrdinalIgnoreCase),
        (true, false) => text.EndsWith(Text, StringComparison.OrdinalIgnoreCase),
        _ => text.Contains(Text, StringComparison.OrdinalIgnoreCase),
    };
}
