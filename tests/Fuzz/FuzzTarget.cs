namespace TrustMesh.Tests.Fuzz;

/// <summary>One parser under fuzzing.</summary>
/// <param name="Name">Type and method, such as <c>Challenge.Decode</c>; the list is checked against the assembly by that name.</param>
/// <param name="Seeds">Valid inputs to start from.</param>
/// <param name="Recode">Decodes, and encodes what it decoded; null where the format has no encoder.</param>
/// <param name="Law">What has to hold between accepted bytes and their encoding.</param>
public sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, Func<byte[], byte[]?> Recode, FuzzLaw Law)
{
    public override string ToString() => Name;
}
