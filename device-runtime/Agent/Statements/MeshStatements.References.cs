using System.Collections.Concurrent;
using TrustMesh.Agent.Hosting;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Statements;

/// <summary>Reference values: of this device's model, of those it is to examine, and of those it met, in this order and at most 32 (attack A42).</summary>
public sealed partial class MeshStatements
{
    private readonly ConcurrentDictionary<string, AppraisalReference> references = new(StringComparer.Ordinal);
    private readonly LinkedList<string> met = new();

    /// <summary>The reference values of a model; null where there are none, and after they expired.</summary>
    public AppraisalReference? ReferenceFor(string model)
        => references.GetValueOrDefault(model) is { } values && Now < DateTimeOffset.FromUnixTimeSeconds(values.Values.ExpiresAt) ? values : null;

    /// <summary>Models whose reference values this device wants, with the serials it has (0: none), by model: what a hello and a watch name.</summary>
    public IReadOnlyList<ModelSerial> References
        => [.. Wanted().Select(model => new ModelSerial(model, references.GetValueOrDefault(model)?.Values.Serial ?? 0)).OrderBy(one => one.Model, StringComparer.Ordinal)];

    /// <summary>A peer of this model is here and its membership is good: its reference values are wanted from now on.</summary>
    public void Meet(string model)
    {
        lock (gate)
        {
            if (Wanted().Contains(model)) return;
            met.AddFirst(model);
            if (met.Count > Caps.ModelCount) met.RemoveLast();
            // A file that cannot be removed is no reason to turn the peer away.
            var problems = new List<string>();
            if (!Try(problems, Prune)) log.StatementUnreadable("reference values", problems[0]);
        }
    }

    private HashSet<string> Wanted()
    {
        lock (gate)
        {
            IEnumerable<string> own = Membership is { } member ? [member.Model] : [], assigned = Peers?.Value.Peers.Select(peer => peer.Model) ?? [];
            return [.. own.Concat(assigned).Concat(met).Distinct().Take(Caps.ModelCount)];
        }
    }

    /// <summary>Forgets the values of models that are no longer wanted.</summary>
    private void Prune()
    {
        var wanted = Wanted();
        foreach (var model in references.Keys.Where(model => !wanted.Contains(model)).ToList())
        {
            references.TryRemove(model, out _);
            store?.Remove(StatementStore.ReferenceFile(model));
        }
    }
}
