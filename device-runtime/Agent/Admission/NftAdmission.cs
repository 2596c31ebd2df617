using System.Net;
using TrustMesh.Agent.Configuration;

namespace TrustMesh.Agent.Admission;

/// <summary>
/// Admission by nftables: one table of this agent's own, whose chains drop what no rule lets through, and a set of accepted addresses whose elements run
/// out by the kernel's clock. The doors stay as they are when the agent ends, however it ends (attack A49): peers run out, nobody new gets in.
/// <see cref="RemoveAsync"/> opens them. Calls are carried out one after another; each is one transaction.
/// </summary>
public sealed class NftAdmission(Nft nft, NftTable table, int meshPort, IReadOnlyList<AllowRule> allow) : IAdmission
{
    private readonly SemaphoreSlim turn = new(1);
    private string stands = "";

    public string Description => "nftables";

    public Task CloseAsync(CancellationToken stop) => InTurnAsync(async () =>
    {
        await nft.RunAsync(NftScript.Close(table, meshPort, allow), stop);
        stands = await ShowAsync(nft, table, stop);
    }, stop);

    public Task ReachAsync(IReadOnlyCollection<IPEndPoint> endpoints, CancellationToken stop) => InTurnAsync(() => nft.RunAsync(NftScript.Reach(table, endpoints), stop), stop);

    /// <summary>An address that is no machine's (any, multicast, broadcast) is not admitted; loopback always is.</summary>
    public Task AdmitAsync(IPAddress address, TimeSpan lifetime, CancellationToken stop)
    {
        if (IPAddress.IsLoopback(address)) return Task.CompletedTask;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast) || address.IsIPv6Multicast || address.GetAddressBytes() is [>= 224 and < 240, _, _, _])
            throw new ArgumentOutOfRangeException(nameof(address), address, "not the address of one machine");
        return lifetime < TimeSpan.FromMilliseconds(1) ? ExpelAsync(address, stop) : InTurnAsync(() => nft.RunAsync(NftScript.Admit(table, address, lifetime), stop), stop);
    }

    public Task ExpelAsync(IPAddress address, CancellationToken stop)
        => IPAddress.IsLoopback(address) ? Task.CompletedTask : InTurnAsync(() => nft.RunAsync(NftScript.Expel(table, address), stop), stop);

    public async Task<bool> StandsAsync(CancellationToken stop)
    {
        var same = false;
        await InTurnAsync(async () => same = await ShowAsync(nft, table, stop) is { Length: > 0 } now && now == stands, stop);
        return same;
    }

    /// <summary>Why the doors could not be closed, in nft's words; null when they could. Changes nothing.</summary>
    public static async Task<string?> ProblemAsync(Nft nft, NftTable table, int meshPort, IReadOnlyList<AllowRule> allow, CancellationToken stop)
        => await nft.TryAsync(NftScript.Close(table, meshPort, allow), stop, dry: true) is var (code, _, error) && code == 0 ? null : error.Split('\n')[0].Trim();

    /// <summary>Opens the doors: the table is gone. For the operator, not for an agent that ends.</summary>
    public static Task RemoveAsync(Nft nft, NftTable table, CancellationToken stop) => nft.RunAsync(NftScript.Remove(table), stop);

    /// <summary>The table of this agent stands, of this run or an earlier one.</summary>
    public static async Task<bool> IsThereAsync(Nft nft, NftTable table, CancellationToken stop) => (await ShowAsync(nft, table, stop)).Length > 0;

    public ValueTask DisposeAsync()
    {
        turn.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Both chains as nft prints them; empty where one is missing.</summary>
    private static async Task<string> ShowAsync(Nft nft, NftTable table, CancellationToken stop)
    {
        var shown = "";
        foreach (var script in NftScript.Show(table))
        {
            var (code, output, _) = await nft.TryAsync(script, stop);
            if (code != 0) return "";
            shown += output;
        }
        return shown;
    }

    private async Task InTurnAsync(Func<Task> act, CancellationToken stop)
    {
        await turn.WaitAsync(stop);
        try
        {
            await act();
        }
        finally
        {
            turn.Release();
        }
    }
}
