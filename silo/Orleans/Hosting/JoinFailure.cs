using Azure;
using StackExchange.Redis;
using TrustMesh.Wire;

namespace TrustMesh.Orleans.Hosting;

/// <summary>Why a silo could not join, with what to look at.</summary>
internal static class JoinFailure
{
    /// <param name="causes">The failure and what it comes from, outermost first.</param>
    public static string Sentence(IReadOnlyList<Exception> causes)
        => causes.Select(Known).FirstOrDefault(sentence => sentence is not null) ?? $"This silo could not join its cluster: {First(causes[^1])}";

    private static string? Known(Exception cause) => cause switch
    {
        // Of our own these are sentences already.
        InvalidDataException or IOException => cause.Message,
        RedisException or RedisTimeoutException
            => $"This silo could not join its cluster: the Redis of --cluster did not answer, or does not take this silo's password ({First(cause)}). See whether it is there, and --cluster-secret-file.",
        RequestFailedException
            => $"This silo could not join its cluster: the storage of --storage did not answer, or does not take this silo's secret ({First(cause)}). See whether it is there, and --storage-secret-file.",
        OperationCanceledException
            => $"This silo could not join its cluster: the Redis of --cluster or the storage of --storage did not answer in time ({First(cause)}). See whether they are there and not overloaded, and start it again.",
        _ => null,
    };

    /// <summary>The first line: what follows are headers and statistics, in which neither client puts a secret (attack A47).</summary>
    private static string First(Exception failed) => Grammar.Fit(failed.Message.Split('\n')[0].Trim());
}
