namespace TrustMesh.Dashboard.Model;

/// <summary>Keys, and what they do.</summary>
/// <param name="Keys">As on a keyboard, one after the other; empty for the text alone.</param>
public sealed record KeyHelp(IReadOnlyList<string> Keys, string Does);
