using System.Collections.Concurrent;
using TrustMesh.Contracts;
using AgentToken = TrustMesh.Agent.Identity.JoinToken;

namespace TrustMesh.Tests.Orleans.Chaos;

/// <summary>
/// Join tokens, made at any silo when devices need some. Each is handed to two devices more than it has uses, so that some are too late.
/// Thread-safe.
/// </summary>
internal sealed class TokenStock(ChaosWorld world, Random random)
{
    private const int TooMany = 2;

    private readonly SemaphoreSlim making = new(1);
    private readonly ConcurrentDictionary<string, JoinToken> made = new();
    private AgentToken? current;
    private int left;

    /// <summary>Those whose making was acknowledged, by id.</summary>
    public IReadOnlyDictionary<string, JoinToken> Made => made;

    public async Task<AgentToken> TakeAsync(CancellationToken stop)
    {
        await making.WaitAsync(stop);
        try
        {
            while (left == 0)
            {
                var wish = new JoinTokenRequest(random.Next(10, 60), 3_600, random.NextDouble() < 0.8);
                var (end, token) = await world.ActAsync<JoinToken>(random.Next(world.Mesh.Silos.Count), HttpMethod.Post, "enroll/tokens", wish);
                stop.ThrowIfCancellationRequested();
                if (end != ActEnd.Acknowledged) continue;
                if (!made.TryAdd(token!.Id, token)) world.Fault($"join token {token.Id} was made twice");
                Assert.True(AgentToken.TryParse(token.Token!, out current));
                left = token.Uses + TooMany;
            }
            left--;
            return current!;
        }
        finally
        {
            making.Release();
        }
    }
}
