using System.Collections.Immutable;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Verifier;

/// <summary>What policy and reference values say about the measured files of a device; stands until one of the three changes.</summary>
internal sealed class FileAppraisal
{
    private readonly AppraisalPolicy policy;
    private readonly AppraisalReference reference;
    private readonly List<Finding> findings = [];
    private int present;
    private int matched;
    private int unlisted;

    private FileAppraisal(AppraisalPolicy policy, AppraisalReference reference) => (this.policy, this.reference) = (policy, reference);

    /// <summary>Bounded; what is left out is counted in the last.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Names whose digest was compared with a reference value; what may change is not compared with anything.</summary>
    public int Compared { get; private set; }

    /// <summary>AR4SI file-system claim; 0 for none.</summary>
    public int Value { get; private set; }

    public bool IsOf(AppraisalPolicy otherPolicy, AppraisalReference otherReference)
        => ReferenceEquals(policy, otherPolicy) && ReferenceEquals(reference, otherReference);

    /// <param name="current">Last entry of each name: 32 bytes, or empty where the file is absent.</param>
    public static FileAppraisal Of(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> current, AppraisalPolicy policy, AppraisalReference reference)
    {
        var appraisal = new FileAppraisal(policy, reference);
        foreach (var (name, digest) in current) appraisal.Judge(name, digest.Span);
        if (appraisal.present < reference.Values.Files.Count)
            foreach (var (name, acceptable) in reference.Values.Files)
                if (!current.ContainsKey(name)) appraisal.Missing(name, acceptable, "never measured");
        appraisal.Conclude();
        return appraisal;
    }

    private void Judge(string name, ReadOnlySpan<byte> digest)
    {
        var known = reference.Values.Files.TryGetValue(name, out var acceptable);
        if (known) present++;
        if (policy.MayChange.Match(name))
        {
            matched++;
            return;
        }
        if (known) Compared++;
        if (known && AppraisalReference.Accepts(acceptable!, digest)) matched++;
        else if (known && digest.IsEmpty) Missing(name, acceptable!, "absent");
        else if (known) Fail(new("file.digest", name, Words.Digests(acceptable!), Words.Digest(digest), BothRules, Outcome.Fail));
        else if (!digest.IsEmpty) Unknown(name, digest);
    }

    private string BothRules => $"{reference.Rule}, {policy.Rule}";

    private void Missing(string name, IReadOnlyList<ReadOnlyMemory<byte>> acceptable, string got)
        => Fail(new("file.missing", name, Words.Digests(acceptable), got, BothRules, Outcome.Fail));

    /// <summary>A file nobody has a value of is what the policy says it is.</summary>
    private void Unknown(string name, ReadOnlySpan<byte> digest)
    {
        var outcome = policy.Policy.UnknownFile switch
        {
            TrustTier.Affirming => Outcome.Pass,
            TrustTier.Warning => Outcome.Warn,
            TrustTier.None => Outcome.NotCompared,
            _ => Outcome.Fail,
        };
        if (outcome == Outcome.Pass)
        {
            matched++;
            return;
        }
        var finding = new Finding("file.unknown", name, "a file with a reference value", Words.Digest(digest), BothRules, outcome);
        if (outcome == Outcome.Fail) Fail(finding);
        else
        {
            Value = Math.Max(Value, 32);
            List(finding);
        }
    }

    private void Fail(Finding finding)
    {
        Value = 96;
        List(finding);
    }

    /// <summary>The first of each outcome is always listed: it decides the status.</summary>
    private void List(Finding finding)
    {
        if (findings.Count < Caps.FindingCount / 2 || !findings.Exists(one => one.Outcome == finding.Outcome)) findings.Add(finding);
        else unlisted++;
    }

    private void Conclude()
    {
        if (unlisted > 0) findings.Add(new("file.more", "further files", "as the reference values say", $"{unlisted} more that are not", reference.Rule, Outcome.Warn));
        if (matched == 0) return;
        if (Value == 0) Value = 2;
        var files = matched == 1 ? "1 measured file" : $"{matched} measured files";
        findings.Add(new("file.digest", files, "as the reference values say", "as the reference values say", BothRules, Outcome.Pass));
    }
}
