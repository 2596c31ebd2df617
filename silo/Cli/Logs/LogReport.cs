using TrustMesh.Contracts;

namespace TrustMesh.Cli.Logs;

/// <summary>What an auditor learns of one log.</summary>
/// <param name="Origin">Empty where there is no checkpoint of the authority, as are the following.</param>
/// <param name="Root">Base64.</param>
/// <param name="FirstWrong">Index of the first entry that is wrong, missing or not what it was; null if none is known to be.</param>
internal sealed record LogReport(int Number, string Origin, long Size, string Root, bool Whole, long? FirstWrong, IReadOnlyList<Because> Findings)
{
    /// <summary>One sentence.</summary>
    public string Sentence => Whole
        ? $"{Origin}: {Size} entries, root {Root}: the log is whole"
        : $"{(Origin.Length > 0 ? Origin : $"log {Number}")}: the log is NOT whole{(FirstWrong is { } index ? $", the first entry that is wrong is {index}" : "")}";
}
