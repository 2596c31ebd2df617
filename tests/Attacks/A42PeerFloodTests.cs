using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Agent.Identity;
using TrustMesh.Agent.Peers;
using TrustMesh.Tests.Agent;
using TrustMesh.Tests.Parts;
using TrustMesh.Tests.Trust;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Attacks;

/// <summary>A42: connections and messages without end, from strangers and from members.</summary>
public sealed class A42PeerFloodTests : IDisposable
{
    private static readonly IPAddress Member = IPAddress.Parse("10.0.0.1");

    private readonly PeerMesh mesh = new();
    private readonly MeshDevice a, b;
    private readonly ManualTime time = new();

    public A42PeerFloodTests() => (a, b) = (new(mesh, "press-1"), new(mesh, "press-2"));

    /// <summary>Strangers from the whole 127 net hold every connection they can get; a member still comes in.</summary>
    [Fact]
    public async Task A42_A_flood_of_strangers_does_not_keep_members_out()
    {
        var limits = PeerLimits.Default with { Connections = 24, Reserved = 8, PerSource = 4 };
        await using var flooded = new RunningPeer(a, limits, at: new(IPAddress.Any, 0));
        await using var member = new RunningPeer(b);
        // The address of an assigned peer is known.
        flooded.Assign(member);
        await flooded.HoldsAsync(member, TrustTier.Warning);
        var strangers = new List<Socket>();
        for (var source = 2; source < 12; source++)
        for (var i = 0; i < 8; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.0.{source}"), 0));
            await socket.ConnectAsync(IPAddress.Loopback, flooded.Node.Listening!.Port);
            strangers.Add(socket);
        }
        await flooded.SaysAsync("is turned away");
        Assert.Equal(TrustTier.Warning, (await member.Node.ExamineAsync($"127.0.0.1:{flooded.Node.Listening!.Port}", CancellationToken.None)).Status);
        strangers.ForEach(socket => socket.Dispose());
    }

    [Fact]
    public void A42_Strangers_share_what_is_not_reserved_and_one_address_gets_no_more_than_its_part()
    {
        var gate = new PeerGate(new(10, 4, 3, 1000, 4, 8, 1), Member.Equals, time);
        var places = Enumerable.Range(0, 3).Select(_ => gate.Enter(IPAddress.Parse("10.0.0.2"))).ToList();
        Assert.DoesNotContain(null, places);
        Assert.Null(gate.Enter(IPAddress.Parse("10.0.0.2")));
        for (var i = 3; i < 6; i++) Assert.NotNull(gate.Enter(IPAddress.Parse($"10.0.0.{i}")));
        Assert.Null(gate.Enter(IPAddress.Parse("10.0.0.9")));
        for (var i = 0; i < 4; i++) Assert.NotNull(gate.Enter(Member));
        Assert.Null(gate.Enter(Member));
        places[0]!.Dispose();
        places[0]!.Dispose();
        Assert.Equal(9, gate.Open);
        Assert.NotNull(gate.Enter(IPAddress.Parse("10.0.0.9")));
    }

    [Fact]
    public void A42_An_address_that_connects_too_often_waits()
    {
        var gate = new PeerGate(new(1000, 0, 1000, 2, 4, 8, 1), Member.Equals, time);
        var stranger = IPAddress.Parse("10.0.0.2");
        for (var i = 0; i < 8; i++) gate.Enter(stranger)!.Dispose();
        Assert.Null(gate.Enter(stranger));
        Assert.NotNull(gate.Enter(IPAddress.Parse("10.0.0.3")));
        time.Advance(TimeSpan.FromSeconds(1));
        gate.Enter(stranger)!.Dispose();
        gate.Enter(stranger)!.Dispose();
        Assert.Null(gate.Enter(stranger));
    }

    [Fact]
    public void A42_Buckets_of_a_hundred_thousand_keys_take_the_room_of_a_few_thousand()
    {
        var buckets = new TokenBuckets<int>(1, 2, time);
        var given = Enumerable.Range(0, 100_000).Count(buckets.TryTake);
        Assert.Equal(TokenBuckets<int>.MostKeys, given);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(buckets.TryTake(100_001));
    }

    [Fact]
    public async Task A42_A_member_that_examines_without_end_is_refused()
    {
        await using var busy = new RunningPeer(a, PeerLimits.Default with { DeviceRate = 1 });
        await using var greedy = new RunningPeer(b, listens: false);
        await greedy.Node.ExamineAsync(busy.Address, CancellationToken.None);
        for (var i = 0; i < 60 && !busy.Says("too often"); i++) await greedy.Node.ExamineAsync(busy.Device.Id, CancellationToken.None);
        Assert.True(busy.Says("too often"));
        Assert.True(busy.Record.Verdicts.Count is > 1 and < 60);
    }

    [Theory]
    [InlineData(0u, "announced a message of 0 bytes")]
    [InlineData(131_073u, "announced a message of 131073 bytes")]
    [InlineData(uint.MaxValue, "announced a message of 4294967295 bytes")]
    public async Task A42_A_length_that_is_not_allowed_ends_the_connection_before_anything_is_read(uint length, string reason)
    {
        await using var peer = new RunningPeer(a);
        using var key = new SessionKey(TimeProvider.System);
        await using var tls = await DialAsync(peer, key);
        var header = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        await tls.WriteAsync(header);
        await peer.SaysAsync(reason);
        Assert.Equal(0, await ReadToEndAsync(tls));
    }

    /// <summary>Room is made as bytes arrive, and out of one purse for all connections.</summary>
    [Fact]
    public async Task A42_Large_messages_take_memory_only_as_they_arrive_and_not_more_than_there_is_for_all()
    {
        await using var peer = new RunningPeer(a, PeerLimits.Default with { MessageBytes = 32 * 1024 });
        using var key = new SessionKey(TimeProvider.System);
        await using var idle = await DialAsync(peer, key);
        await idle.WriteAsync(Announced(120_000));
        await using var busy = await DialAsync(peer, key);
        await busy.WriteAsync(Announced(120_000));
        await busy.WriteAsync(new byte[60_000]);
        await peer.SaysAsync("too many large messages");
        // Who only announced costs nothing: a message that fits is still taken.
        await using var third = await DialAsync(peer, key);
        await third.WriteAsync(Announced(4));
        await third.WriteAsync(new byte[] { 0xa1, 1, 1, 1 });
        await peer.SaysAsync("not the one that has to come now");
    }

    [Fact]
    public async Task A33_Peers_speak_nothing_below_TLS_1_3_and_want_a_certificate()
    {
        await using var peer = new RunningPeer(a);
        using var key = new SessionKey(TimeProvider.System);
        await Assert.ThrowsAnyAsync<Exception>(async () => await ReadToEndAsync(await DialAsync(peer, key, SslProtocols.Tls12)));
        await peer.SaysAsync("unsupported protocol");
        // Under TLS 1.3 the client is through before the server looks at what it did not send.
        await using var nameless = await DialAsync(peer, null);
        await peer.SaysAsync("The remote certificate was rejected");
    }

    public void Dispose()
    {
        a.Dispose();
        b.Dispose();
        mesh.Dispose();
    }

    private static byte[] Announced(uint length)
    {
        var header = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(header, length);
        return header;
    }

    private static async Task<SslStream> DialAsync(RunningPeer peer, SessionKey? key, SslProtocols protocols = SslProtocols.Tls13)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(peer.Node.Listening!);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "peer", EnabledSslProtocols = protocols, ClientCertificateContext = key?.Context, CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, _, _, _) => true,
        });
        return tls;
    }

    private static async Task<int> ReadToEndAsync(SslStream tls)
    {
        using var limit = new CancellationTokenSource(Eventually.Deadline);
        var (total, buffer) = (0, new byte[1024]);
        for (int read; (read = await tls.ReadAsync(buffer, limit.Token)) > 0;) total += read;
        return total;
    }
}
