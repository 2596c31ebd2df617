namespace TrustMesh.Contracts;

/// <summary>Where somebody put a device in their graph: from the middle of its site, whose radius is 1, so that it moves with its site and never lies at another one.</summary>
/// <param name="Device">UEID text, 53 characters.</param>
/// <param name="X">To the right. Together with <paramref name="Y"/>, upwards, at most 1 from the middle.</param>
public sealed record GraphPin(string Device, double X, double Y);
