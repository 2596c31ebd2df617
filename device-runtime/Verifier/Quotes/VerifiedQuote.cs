using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Tpm;

namespace TrustMesh.Verifier;

/// <summary>A quote that passed the complete checklist. Only <see cref="QuoteCheck"/> makes one (attack A16).</summary>
public sealed class VerifiedQuote
{
    internal VerifiedQuote(TpmAttest attest, IReadOnlyList<PcrValue> values) => (Attest, Values) = (attest, values);

    public TpmAttest Attest { get; }

    /// <summary>The signed registers and no others (attack A06), ascending.</summary>
    public IReadOnlyList<PcrValue> Values { get; }

    /// <summary>Value of a register; false if it was not quoted.</summary>
    public bool TryGet(int pcr, out ReadOnlyMemory<byte> value)
    {
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i].Index != pcr) continue;
            value = Values[i].Value;
            return true;
        }
        value = default;
        return false;
    }
}
