using TrustMesh.Agent.Silo;
using TrustMesh.Wire;
using TrustMesh.Wire.Cose;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>
/// The second connection of some devices: it waits for news (PROTOCOL.md section 16). Lists and policies it is given are newer than those it
/// had, from whichever silo they come.
/// </summary>
internal sealed class StatusListener(ChaosWorld world, ChaosDevice device)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Retry = TimeSpan.FromSeconds(1);

    private long list, policy, peers, references;

    /// <summary>Of the newest list it was given.</summary>
    public long List => list;

    public async Task RunAsync(CancellationToken finishing)
    {
        for (var silo = 0; !finishing.IsCancellationRequested; silo = (silo + 1) % world.Mesh.Silos.Count)
        {
            try
            {
                if (device.Ledger.Proofs.Count > 0) await ListenAsync(silo, finishing);
            }
            catch (SiloException failed)
            {
                world.Count($"listeners heard {failed.Kind}");
            }
            catch (OperationCanceledException)
            {
                world.Count("listeners waited in vain");
            }
            await Task.WhenAny(Task.Delay(Retry, finishing));
        }
    }

    private async Task ListenAsync(int silo, CancellationToken finishing)
    {
        var session = device.Session;
        using var connection = await SiloConnection.OpenAsync(world.Mesh[silo].Devices, device.AuthorityPin!, session, TimeProvider.System, finishing, Caps.WatchAnswer);
        while (session == device.Session)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(finishing);
            limit.CancelAfter(Patience);
            var request = new WatchRequest(policy, list, peers, [new("simulated", references)], [], 0, 0);
            var news = WatchAnswer.Decode(await connection.PostAsync("/device/v1/watch", request.Encode(), limit.Token));
            if (news.StatusList is { } status) list = Newer("status list", list, StatusList.DecodePayload(CoseSign1.Decode(status).Payload).Serial, silo);
            if (news.Policy is { } rules) policy = Newer("policy", policy, Policy.DecodePayload(CoseSign1.Decode(rules).Payload).Serial, silo);
            if (news.Peers is { } assignment) peers = Newer("assignment", peers, PeerAssignment.DecodePayload(CoseSign1.Decode(assignment).Payload).Serial, silo);
            foreach (var values in news.References)
                if (CoseSign1.Decode(values) is var signed) references = Newer("reference values", references, ReferenceValues.DecodePayload(signed.Payload, signed.Corim!).Serial, silo);
            world.Count("statements heard");
        }
    }

    private long Newer(string what, long known, long given, int silo)
    {
        if (given <= known) world.Fault($"{device.Name} had {what} {known} and was given {given} by silo-{silo + 1}");
        return Math.Max(known, given);
    }
}
