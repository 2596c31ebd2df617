using TrustMesh.Agent.Files;
using TrustMesh.Agent.Hosting;
using TrustMesh.Roots;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Statements;

/// <summary>
/// How statements get in. In this order, so that a crash or a failure at any step leaves either the old state or one that the next start completes:
/// checked, saved, remembered by the root of trust, believed, told. What could not be saved and remembered is not believed.
/// </summary>
public sealed partial class MeshStatements
{
    /// <summary>Takes whatever of this is newer and good; a problem in words for each that is older or not good.</summary>
    public IReadOnlyList<string> Offer(GossipStatements statements) => Offer(statements.Policy, statements.StatusList, null, statements.References);

    /// <inheritdoc cref="Offer(GossipStatements)"/>
    public IReadOnlyList<string> OfferAnswer(WatchAnswer answer) => Offer(answer.Policy, answer.StatusList, answer.Peers, answer.References);

    /// <summary>Takes a membership that is this device's and not older than the one it has.</summary>
    /// <inheritdoc cref="Offer(GossipStatements)"/>
    public IReadOnlyList<string> OfferMembership(ReadOnlyMemory<byte> signed)
    {
        if (signed.Span.SequenceEqual(MembershipSigned.Span)) return [];
        var problems = new List<string>();
        lock (gate)
        {
            if (Mine(signed, problems) is not { } member || IsHere(member) || !Try(problems, () => store?.Save(StatementStore.MembershipFile, signed))) return problems;
            (Membership, membershipSigned) = (member, signed.ToArray());
            Try(problems, Prune);
            log.MembershipStored(member.Name, DateTimeOffset.FromUnixTimeSeconds(member.ExpiresAt));
        }
        Changed?.Invoke();
        return problems;
    }

    /// <summary>Takes whom to examine.</summary>
    /// <inheritdoc cref="Offer(GossipStatements)"/>
    public IReadOnlyList<string> OfferPeers(ReadOnlyMemory<byte> signed) => Offer(null, null, signed, []);

    private List<string> Offer(ReadOnlyMemory<byte>? policy, ReadOnlyMemory<byte>? status, ReadOnlyMemory<byte>? peers, IReadOnlyList<ReadOnlyMemory<byte>> values)
    {
        var problems = new List<string>();
        bool changed, listed;
        long serial;
        lock (gate)
        {
            var (now, marks) = (Now, store?.Marks ?? new(Policy?.Policy.Serial ?? 0, Status?.Value.Serial ?? 0, Peers?.Value.Serial ?? 0));
            var newPolicy = Newer(policy, signed => Verifier.VerifyPolicy(signed, now, marks.Policy), one => one.Policy.Serial > (Policy?.Policy.Serial ?? -1), StatementStore.PolicyFile, problems);
            var newStatus = Newer(status, signed => Verifier.VerifyStatusList(signed, now, marks.Status, Membership?.StatusList), one => one.Value.Serial > (Status?.Value.Serial ?? -1), StatementStore.StatusFile, problems);
            var newPeers = Newer(peers, signed => Verifier.VerifyAssignment(signed, now, marks.Peers, self), one => one.Value.Serial > (Peers?.Value.Serial ?? -1), StatementStore.PeersFile, problems);
            var seen = new SerialMarks(newPolicy?.Policy.Serial ?? 0, newStatus?.Value.Serial ?? 0, newPeers?.Value.Serial ?? 0);
            changed = listed = false;
            serial = seen.Status;
            if ((newPolicy ?? newStatus ?? (object?)newPeers) is not null && Try(problems, () => store?.Raise(seen)))
            {
                (changed, listed) = (true, newStatus is not null);
                if (listed && marks.Status > 0 && newStatus!.Value.Serial > marks.Status) Gaps += newStatus.Value.Serial - marks.Status - 1;
                (Policy, Status, Peers) = (newPolicy ?? Policy, newStatus ?? Status, newPeers ?? Peers);
                if (newPeers is not null) Try(problems, Prune);
            }
            foreach (var signed in values) changed |= TakeReference(signed, now, problems);
        }
        if (!changed) return problems;
        if (listed) log.StatusListTaken(serial);
        TellGrace();
        Changed?.Invoke();
        // Only now: whoever acts on the list has done so, and the acknowledgement says nothing that is not true, of this list and not of one that another
        // thread took meanwhile.
        if (listed)
            lock (gate)
                if (serial > enforced.Serial) enforced = new(serial, time.GetTimestamp());
        return problems;
    }

    /// <summary>Checked and saved; null if there is none, it is not good, or not newer.</summary>
    private T? Newer<T>(ReadOnlyMemory<byte>? statement, Func<ReadOnlyMemory<byte>, Statement<T>> verify, Func<T, bool> isNewer, string file, List<string> problems) where T : class
        => statement is { } signed && Accepted(verify(signed), problems) is { } value && isNewer(value) && Try(problems, () => store?.Save(file, signed)) ? value : null;

    private bool TakeReference(ReadOnlyMemory<byte> signed, DateTimeOffset now, List<string> problems)
    {
        if (Accepted(Verifier.VerifyReference(signed, now), problems) is not { } reference) return false;
        var model = reference.Values.Model;
        if (!Wanted().Contains(model)) return false;
        if (references.GetValueOrDefault(model) is { } before && before.Values.Serial >= reference.Values.Serial)
        {
            if (before.Values.Serial > reference.Values.Serial) problems.Add($"reference values of {model}: expected at least {before.Values.Serial}, got {reference.Values.Serial}");
            return false;
        }
        if (!Try(problems, () => store?.Save(StatementStore.ReferenceFile(model), signed))) return false;
        references[model] = reference;
        return true;
    }

    /// <summary>Signed anew and otherwise the same: an ECDSA signature is another one each time, and that is no news.</summary>
    private bool IsHere(Membership member) => Membership is { } here && here.EncodePayload().AsSpan().SequenceEqual(member.EncodePayload());

    private Membership? Mine(ReadOnlyMemory<byte> signed, List<string> problems)
    {
        if (Accepted(Verifier.VerifyMembership(signed, Now), problems) is not { } member) return null;
        if (member.Device != self) problems.Add("a membership of another device");
        else if (Membership is { } before && member.IssuedAt < before.IssuedAt) problems.Add("a membership that is older than the one this device has");
        return problems.Count == 0 ? member : null;
    }

    /// <summary>Does what touches the disk or the root of trust; what goes wrong there is a problem of the statement and leaves things as they were.</summary>
    private static bool Try(List<string> problems, Action keep)
    {
        try
        {
            keep();
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or RootException or StateException)
        {
            problems.Add($"it could not be kept: {failed.Message}");
            return false;
        }
    }

    private static T? Accepted<T>(Statement<T> statement, List<string> problems) where T : class
    {
        if (statement.Accepted is { } accepted) return accepted;
        problems.Add(statement.Findings.First(finding => finding.Outcome != Outcome.Pass).Sentence);
        return null;
    }
}
