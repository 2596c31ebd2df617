using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Reference values whose signature, serial and dates were checked. Made by <c>StatementVerifier</c>.</summary>
public sealed class AppraisalReference
{
    internal AppraisalReference(ReferenceValues values, ReadOnlyMemory<byte> signed) => (Values, Signed) = (values, signed);

    public ReferenceValues Values { get; }

    /// <summary>The COSE_Sign1 it came in.</summary>
    public ReadOnlyMemory<byte> Signed { get; }
}
