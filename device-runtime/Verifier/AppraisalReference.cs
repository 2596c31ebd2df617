using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>Reference values whose signature, serial and dates were checked. Made by <see cref="StatementVerifier"/>.</summary>
public sealed class AppraisalReference
{
    internal AppraisalReference(ReferenceValues values, ReadOnlyMemory<byte> signed)
    {
        (Values, Signed) = (values, signed);
        Rule = $"reference {values.Model} #{values.Serial}";
        RegistersMatch = new("register.value", "quoted registers", "as the reference values say", "as the reference values say", Rule, Outcome.Pass);
    }

    public ReferenceValues Values { get; }

    /// <summary>The COSE_Sign1 it came in.</summary>
    public ReadOnlyMemory<byte> Signed { get; }

    /// <summary>How findings name it: "reference traffic-sensor #4".</summary>
    internal string Rule { get; }

    internal Finding RegistersMatch { get; }

    /// <summary>True if the digest is one of the acceptable ones (32 bytes each).</summary>
    internal static bool Accepts(IReadOnlyList<ReadOnlyMemory<byte>> acceptable, ReadOnlySpan<byte> digest)
    {
        for (var i = 0; i < acceptable.Count; i++)
            if (digest.Length == 32 && acceptable[i].Span.SequenceEqual(digest)) return true;
        return false;
    }
}
