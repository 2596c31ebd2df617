namespace TrustMesh.Contracts;

/// <summary>One line of a comparison of two policies.</summary>
/// <param name="Change">same, added, removed.</param>
/// <param name="Text">Such as <c>tiers: software</c>.</param>
public sealed record PolicyDiffLine(string Change, string Text);
