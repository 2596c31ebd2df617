using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;
using TrustMesh.Orleans.Settings;
using TrustMesh.Orleans.Storage;
using TrustMesh.Tests.Host;
using TrustMesh.Tests.Orleans.Parts;

namespace TrustMesh.Tests.Orleans.Settings;

/// <summary>Storages that refuse, lie, stand still and come back.</summary>
public sealed class StorageServerTests
{
    private const string Wrong = "not-the-password-of-this-redis", Right = "the-password-of-this-redis";

    [Fact]
    public async Task Redis_that_stands_still_is_told_of_and_goes_on_where_it_was()
    {
        using var redis = RedisServer.Start(Right);
        await using var rig = await StorageRig.StartAsync(StorageRig.Address(redis.Address, Right), "mesh");
        var stores = new Stores(rig.Storage);
        await stores.Rows.WriteAsync("serial", "a", 0, new byte[] { 1 });
        redis.Pause();
        await Assert.ThrowsAsync<IOException>(() => stores.Rows.WriteAsync("serial", "a", 1, new byte[] { 2 }));
        redis.Resume();
        var row = await AnsweredAsync(() => stores.Rows.ReadAsync("serial", "a"));
        await stores.Rows.WriteAsync("serial", "a", row!.Version, new byte[] { 3 });
        Assert.Equal([3], (await stores.Rows.ReadAsync("serial", "a"))!.Payload.ToArray());
        Assert.InRange(stores.Meter.Read().Errors, 1, long.MaxValue);
    }

    [Fact]
    public async Task What_Redis_acknowledged_is_there_after_it_was_killed()
    {
        using var redis = RedisServer.Start(Right);
        await using var rig = await StorageRig.StartAsync(StorageRig.Address(redis.Address, Right), "mesh");
        var stores = new Stores(rig.Storage);
        for (var i = 0; i < 50; i++) await stores.Rows.WriteAsync("serial", $"{i}", 0, new byte[] { 1 });
        redis.Kill();
        await Assert.ThrowsAsync<IOException>(() => stores.Rows.WriteAsync("serial", "0", 1, default));
        redis.Restart();
        for (var i = 0; i < 50; i++) Assert.Equal(1, (await AnsweredAsync(() => stores.Rows.ReadAsync("serial", $"{i}")))!.Version);
    }

    [Fact]
    public async Task What_Azurite_acknowledged_is_there_after_it_stood_still()
    {
        using var azurite = Azurite.Start();
        await using var rig = await StorageRig.StartAsync(StorageRig.Address(azurite.Address("rows"), azurite.Key), "mesh");
        var stores = new Stores(rig.Storage);
        await stores.Rows.WriteAsync("serial", "a", 0, new byte[] { 1 });
        azurite.Pause();
        await Assert.ThrowsAsync<IOException>(() => stores.Rows.ReadAsync("serial", "a"));
        azurite.Resume();
        Assert.Equal([1], (await AnsweredAsync(() => stores.Rows.ReadAsync("serial", "a")))!.Payload.ToArray());
    }

    [Fact]
    public async Task A_silo_that_starts_waits_longer_for_a_busy_storage_than_whoever_has_somebody_to_answer()
    {
        using var azurite = Azurite.Start();
        azurite.Pause();
        var starting = StorageRig.StartAsync(StorageRig.Address(azurite.Address("rows"), azurite.Key), "mesh");
        // The deadline of everybody else is over.
        Assert.NotSame(starting, await Task.WhenAny(starting, Task.Delay(Rows.Patience + TimeSpan.FromSeconds(1))));
        azurite.Resume();
        await using var rig = await starting;
        await new StorageProbe(new Stores(rig.Storage).Rows).CheckAsync();
    }

    [Fact]
    public async Task Redis_with_TLS_counts_only_with_a_certificate_of_the_authority_for_its_name()
    {
        using var redis = RedisServer.Start(Right, tls: true);
        await using (var rig = await StorageRig.StartAsync(StorageRig.Address(redis.Address, Right, redis.Certificate!.Authority), "mesh"))
            await new StorageProbe(new Stores(rig.Storage).Rows).CheckAsync();
        using var misnamed = RedisServer.Start(Right, tls: true, certifiedName: "redis.elsewhere");
        foreach (var address in (StorageAddress[])
            [
                StorageRig.Address(redis.Address, Right),
                StorageRig.Address(misnamed.Address, Right, misnamed.Certificate!.Authority),
                StorageRig.Address(redis.Address, Right, misnamed.Certificate.Authority),
            ])
        {
            await using var rig = await StorageRig.StartAsync(address, "mesh");
            await Assert.ThrowsAsync<IOException>(() => new StorageProbe(new Stores(rig.Storage).Rows).CheckAsync());
        }
    }

    [Fact]
    public async Task Azurite_with_TLS_counts_only_with_a_certificate_of_the_authority()
    {
        using var azurite = Azurite.Start(tls: true);
        await using (var rig = await StorageRig.StartAsync(StorageRig.Address(azurite.Address("rows"), azurite.Key, azurite.Certificate!.Authority), "mesh"))
            await new StorageProbe(new Stores(rig.Storage).Rows).CheckAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => StorageRig.StartAsync(StorageRig.Address(azurite.Address("rows"), azurite.Key), "mesh"));
    }

    [Fact]
    public async Task A47_A_wrong_secret_is_refused_and_no_secret_is_told_to_anybody()
    {
        using var log = new LogLines();
        using var redis = RedisServer.Start(Right);
        var told = new List<string>();
        await using (var rig = await StorageRig.StartAsync(StorageRig.Address(redis.Address, Wrong), "mesh", log))
        {
            var stores = new Stores(rig.Storage);
            told.Add((await Assert.ThrowsAsync<IOException>(() => new StorageProbe(stores.Rows).CheckAsync())).ToString());
            told.Add(stores.Meter.Read().LastError);
        }
        using var azurite = Azurite.Start();
        var wrongKey = Convert.ToBase64String(new byte[64]);
        told.Add((await Assert.ThrowsAnyAsync<Exception>(() => StorageRig.StartAsync(StorageRig.Address(azurite.Address("rows"), wrongKey), "mesh", log))).ToString());
        await using (var rig = await StorageRig.StartAsync(StorageRig.Address(azurite.Address("rows"), azurite.Key), "mesh", log))
        {
            var stores = new Stores(rig.Storage);
            await stores.Rows.WriteAsync("serial", "a", 0, default);
            azurite.Kill();
            told.Add((await Assert.ThrowsAsync<IOException>(() => stores.Rows.ReadAsync("serial", "a"))).ToString());
            azurite.Restart();
        }
        Assert.NotEmpty(log.All);
        Assert.All(told.Concat(log.All), line => Assert.All([Wrong, Right, wrongKey, azurite.Key], secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A47_A_silo_with_a_wrong_secret_never_joins_and_one_with_the_right_one_has_its_stores()
    {
        using var log = new LogLines();
        using var redis = RedisServer.Start(Right);
        // They are not disposed of: Orleans cannot stop a silo that never ran, and what of it had started then asks for the next membership in circles.
        log.Add((await Assert.ThrowsAnyAsync<Exception>(() => Silo(redis.Address, Wrong, Wrong, log).StartAsync())).ToString());
        log.Add((await Assert.ThrowsAnyAsync<Exception>(() => Silo(redis.Address, Right, Wrong, log).StartAsync())).ToString());
        using var silo = Silo(redis.Address, Right, Right, log);
        await silo.StartAsync();
        await silo.Services.GetRequiredService<ClusterRecords>().WriteAsync("join-token", "a", 0, default, default);
        Assert.Single(await silo.Services.GetRequiredService<ClusterRecords>().ListAsync("join-token", default));
        Assert.InRange(silo.Services.GetRequiredService<StorageMeter>().Read().Writes, 2, long.MaxValue);
        await silo.StopAsync();
        Assert.All(log.All, line => Assert.All([Wrong, Right], secret => Assert.DoesNotContain(secret, line, StringComparison.Ordinal)));
    }

    private static IHost Silo(string redis, string clusterSecret, string storageSecret, LogLines log)
    {
        var errors = new List<string>();
        var settings = StorageSettings.Read(key => key switch { "Cluster" or "Storage" => redis, "ClusterSecret" => clusterSecret, "StorageSecret" => storageSecret, _ => null }, errors)!;
        Assert.Empty(errors);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<ILoggerFactory>(log);
        builder.UseOrleans(silo => silo
            .Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = ("mesh", "mesh"))
            .ConfigureEndpoints(IPAddress.Loopback, ServerProcess.FreePort(), ServerProcess.FreePort())
            .AddStorage(settings));
        return builder.Build();
    }

    private static async Task<T> AnsweredAsync<T>(Func<Task<T>> ask)
    {
        for (var deadline = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                return await ask();
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(60))
            {
                // The connection is being made again.
                await Task.Yield();
            }
        }
    }
}
