namespace TrustMesh.Dashboard.Model;

/// <summary>Ways to go on with a query, best first.</summary>
/// <param name="From">First character that is replaced, and <paramref name="To"/> the one after the last; UTF-16 units, as a browser counts.</param>
public sealed record CompletionList(int From, int To, IReadOnlyList<Completion> Items)
{
    public static CompletionList Empty { get; } = new(0, 0, []);
}
