using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>
/// Quoted registers against reference values. The measurement register is explained by its log instead. A register that policy asks for
/// but nobody has a value of, or the other way round, is not compared, and that is no pass (attack A08).
/// </summary>
internal static class RegisterCheck
{
    /// <summary>Number of registers compared.</summary>
    public static int Run(in SignedState signed, AppraisalPolicy policy, AppraisalReference reference, AssuranceTier tier, TrustVector vector, FindingList findings)
    {
        if (tier != AssuranceTier.TpmQuote) return 0;
        var known = reference.Values.Registers;
        int compared = 0, matched = 0, foundKnown = 0;
        for (var i = 0; i < signed.Registers.Count; i++)
        {
            var (pcr, value) = signed.Registers[i];
            if (!known.TryGetValue(pcr, out var acceptable))
            {
                if (pcr != policy.Policy.MeasurementPcr) findings.Add(NotCompared(pcr, "a reference value", "none", reference));
                continue;
            }
            foundKnown++;
            compared++;
            var (category, good) = Category(pcr);
            if (AppraisalReference.Accepts(acceptable, value.Span))
            {
                matched++;
                vector.Lower(category, good);
                continue;
            }
            vector.Lower(category, category == TrustVector.Hardware ? 97 : 96);
            findings.Add(new("register.value", $"PCR {pcr}", Words.Digests(acceptable), Words.Digest(value.Span), reference.Rule, Outcome.Fail));
        }
        if (foundKnown != known.Count)
            foreach (var pcr in known.Keys)
                if (!IsQuoted(signed, pcr)) findings.Add(NotCompared(pcr, "quoted, as there is a reference value", $"not among the registers of {policy.Rule}", reference));
        if (matched > 0) findings.Add(reference.RegistersMatch);
        return compared;
    }

    private static bool IsQuoted(in SignedState signed, int pcr)
    {
        for (var i = 0; i < signed.Registers.Count; i++)
            if (signed.Registers[i].Index == pcr) return true;
        return false;
    }

    private static Finding NotCompared(int pcr, string expected, string got, AppraisalReference reference)
        => new("register.value", $"PCR {pcr}", expected, got, reference.Rule, Outcome.NotCompared);

    /// <summary>AR4SI category a register speaks for, and the value of a match (TCG PC Client Platform Firmware Profile, 3.3.4).</summary>
    private static (int Category, int Good) Category(int pcr) => pcr switch
    {
        <= 3 => (TrustVector.Hardware, 2),
        4 or 8 or 9 or 10 or 11 or 12 => (TrustVector.Executables, 3),
        13 => (TrustVector.FileSystem, 2),
        _ => (TrustVector.Configuration, 2),
    };
}
