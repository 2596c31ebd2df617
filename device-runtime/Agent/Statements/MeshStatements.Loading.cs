using TrustMesh.Agent.Hosting;
using TrustMesh.Verifier;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Agent.Statements;

/// <summary>
/// What a start takes up. Files are believed no more than what comes over the network: signature, dates and serials are checked anew. One that is
/// older than what the root of trust remembers says that the state directory was put back from a copy (attacks A30, A35).
/// </summary>
public sealed partial class MeshStatements
{
    private void Load()
    {
        var marks = store!.Marks;
        Found(StatementStore.MembershipFile, signed => Verifier.VerifyMembership(signed, Now), (member, signed) =>
        {
            if (member.Device == self) (Membership, membershipSigned) = (member, signed.ToArray());
        });
        Found(StatementStore.PolicyFile, signed => Verifier.VerifyPolicy(signed, Now, marks.Policy), (policy, _) => Policy = policy);
        Found(StatementStore.StatusFile, signed => Verifier.VerifyStatusList(signed, Now, marks.Status, Membership?.StatusList), (list, _) => Status = list);
        Found(StatementStore.PeersFile, signed => Verifier.VerifyAssignment(signed, Now, marks.Peers, self), (peers, _) => Peers = peers);
        foreach (var file in store.References())
            Found(file, signed => Verifier.VerifyReference(signed, Now), (reference, _) =>
            {
                var model = reference.Values.Model;
                if (file != StatementStore.ReferenceFile(model)) return;
                references[model] = reference;
                if (!Wanted().Contains(model)) met.AddLast(model);
            });
        // A crash between saving and remembering: the file is good and newer, and counts from now on.
        store.Raise(new(Policy?.Policy.Serial ?? 0, Status?.Value.Serial ?? 0, Peers?.Value.Serial ?? 0));
        if (Policy is null && marks.Policy > 0 || Status is null && marks.Status > 0) log.StatementsGone(marks.Policy, marks.Status);
    }

    private void Found<T>(string file, Func<ReadOnlyMemory<byte>, Statement<T>> verify, Action<T, ReadOnlyMemory<byte>> take) where T : class
    {
        var signed = store!.Load(file, out var problem);
        if (problem is not null) log.StatementUnreadable(file, problem);
        if (signed is null) return;
        var statement = verify(signed);
        if (statement.Accepted is { } value)
        {
            take(value, signed);
            return;
        }
        var failed = statement.Findings.First(finding => finding.Outcome != Outcome.Pass);
        if (failed.Check == "statement.serial") log.StateRolledBack(file, failed.Expected, failed.Got);
        else log.StatementUnreadable(file, failed.Sentence);
    }
}
