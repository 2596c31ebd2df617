namespace TrustMesh.Tests.Wire;

/// <summary>One format of PROTOCOL.md: a sample, and decoding followed by encoding.</summary>
/// <param name="Decoder">Type and method that reads it, such as <c>Challenge.Decode</c>.</param>
/// <param name="Open">Unknown map keys are ignored, so encoding again may lose them.</param>
public sealed record WireFormat(string Name, string Decoder, byte[] Sample, Func<ReadOnlyMemory<byte>, byte[]> Recode, bool Open = false)
{
    public override string ToString() => Name;
}
