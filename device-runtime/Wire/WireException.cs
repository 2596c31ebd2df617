namespace TrustMesh.Wire;

/// <summary>
/// The one exception for bytes that are not what they should be. It is caught at the verifier's door (or the HTTP edge), where it
/// becomes a finding or a problem; it never crosses further.
/// </summary>
public sealed class WireException(string field, long offset, string problem)
    : Exception($"{field} at byte {offset}: {problem}")
{
    /// <summary>The field being read, in the words of PROTOCOL.md or of the standard.</summary>
    public string Field { get; } = field;

    /// <summary>Bytes from the start of the structure.</summary>
    public long Offset { get; } = offset;

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; } = problem;
}
