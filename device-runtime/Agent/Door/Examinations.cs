using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using TrustMesh.Agent.Peers;

namespace TrustMesh.Agent.Door;

/// <summary>Examinations that applications ask for, of all connections together: each costs the root of trust a signature, and a TPM makes two a second.</summary>
internal sealed class Examinations(Func<string, CancellationToken, Task<KnownPeer>> examine, DoorLimits limits, TimeProvider time, ILogger log) : IDisposable
{
    /// <summary>A handshake may take 60 s; what takes longer hangs.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(75);

    private readonly SemaphoreSlim places = new(limits.Examinations);
    private readonly Allowance allowance = new(limits.Examinations, limits.ExaminationsPerMinute / 60.0, time);

    /// <summary>A line: the peer in detail, or an error.</summary>
    public async Task<byte[]> ExamineAsync(string host, uint user, CancellationToken stop)
    {
        if (!allowance.Take(out var wait)) return DoorJson.Error($"Too many examinations were asked for; the next may be in {Math.Ceiling(wait.TotalSeconds):0} s.");
        if (!await places.WaitAsync(TimeSpan.Zero, stop)) return DoorJson.Error($"{limits.Examinations} examinations are under way; try again when one has ended.");
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            log.Examines(user, host);
            return DoorJson.Line(DoorWords.Detail(await examine(host, either.Token), time.GetUtcNow()), DoorJson.Default.DoorDetail);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Failed(host, $"{host} did not finish the handshake within {Longest.TotalSeconds:0} s. Look at its agent's journal.");
        }
        catch (Exception failed) when (failed is IOException or SocketException or TimeoutException)
        {
            return Failed(host, failed.Message);
        }
        catch (Exception mistake) when (mistake is not OperationCanceledException)
        {
            log.ExaminationFailed(host, $"{mistake.GetType().Name}: {mistake.Message}");
            return DoorJson.Error($"The examination of {host} failed by a mistake in this agent; its journal says which.");
        }
        finally
        {
            places.Release();
        }
    }

    public void Dispose() => places.Dispose();

    private byte[] Failed(string host, string problem)
    {
        log.ExaminationFailed(host, problem);
        return DoorJson.Error(problem);
    }
}
