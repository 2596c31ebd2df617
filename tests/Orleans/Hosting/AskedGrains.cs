using System.Collections.Concurrent;
using System.Reflection;
using Orleans;
using Orleans.Runtime;
using TrustMesh.Orleans.Following;
using TrustMesh.Orleans.Grains;

namespace TrustMesh.Tests.Orleans.Hosting;

/// <summary>Grains that note what they are told, and fail when a test says so.</summary>
internal sealed class AskedGrains
{
    private int asked;

    public AskedGrains() => Factory = Proxy<IGrainFactory>((method, arguments) => method.Name == nameof(IGrainFactory.GetGrain) && arguments[0] is long key
        ? method.ReturnType == typeof(IShardGrain) ? Proxy<IShardGrain>((call, given) => Shard(key, call, given)) : Proxy<IAuthorityGrain>(Authority)
        : throw new NotSupportedException(method.ToString()));

    public IGrainFactory Factory { get; }

    public ConcurrentQueue<(int Shard, ShardItem[] Items)> Published { get; } = new();

    public ConcurrentQueue<Acknowledgement[]> Acknowledged { get; } = new();

    public int Asked => Volatile.Read(ref asked);

    /// <summary>What a call ends with.</summary>
    public volatile Exception? Failure;

    /// <summary>Only this one fails; null: all.</summary>
    public int? FailingShard { get; set; }

    private Task Shard(long key, MethodInfo call, object?[] given)
    {
        Interlocked.Increment(ref asked);
        if (Failure is { } failure && (FailingShard ?? key) == key) return Task.FromException(failure);
        if (call.Name == nameof(IShardGrain.PublishAsync)) Published.Enqueue(((int)key, (ShardItem[])given[0]!));
        return Task.CompletedTask;
    }

    private Task Authority(MethodInfo call, object?[] given)
    {
        Interlocked.Increment(ref asked);
        if (Failure is { } failure) return Task.FromException(failure);
        if (call.Name == nameof(IAuthorityGrain.AcknowledgeAsync)) Acknowledged.Enqueue((Acknowledgement[])given[0]!);
        return Task.CompletedTask;
    }

    private static T Proxy<T>(Func<MethodInfo, object?[], object?> answer) where T : class
    {
        var made = DispatchProxy.Create<T, Answering>();
        ((Answering)(object)made).Answer = answer;
        return made;
    }

    /// <summary>Base of the proxies.</summary>
    public class Answering : DispatchProxy
    {
        public Func<MethodInfo, object?[], object?> Answer { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Answer(targetMethod!, args ?? []);
    }
}
