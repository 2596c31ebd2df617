namespace TrustMesh.Contracts.Queries;

/// <summary>Why a text is no query.</summary>
/// <param name="Position">Of the character where it goes wrong; 1 is the first.</param>
/// <param name="Length">Characters that are wrong, at least 1.</param>
/// <param name="Message">What is wrong and the fix, without a full stop.</param>
public sealed record QueryProblem(int Position, int Length, string Message)
{
    /// <summary>The sentence everybody shows: API, shell and dashboard.</summary>
    public override string ToString() => Message.EndsWith('?') ? $"Character {Position}: {Message}" : $"Character {Position}: {Message}.";
}
