using System.Security.Cryptography;
using TrustMesh.Agent.Peers;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Tests.Parts;

/// <summary>
/// Two ends of one handshake without a socket: the messages go from one to the other here, and a test may change, hold or replace them on the way.
/// Evidence, judgements and statements are the real ones.
/// </summary>
public sealed class HandshakePair
{
    public HandshakePair(MeshDevice initiator, MeshDevice responder, DeviceId? intended = null, bool anyone = false, byte[]? binding = null)
    {
        binding ??= RandomNumberGenerator.GetBytes(48);
        I = new(initiator, link => new HandshakeInitiator(initiator.Id, link, RandomNumberGenerator.GetBytes(32), anyone ? null : intended ?? responder.Id), responder, binding);
        R = new(responder, link => new HandshakeResponder(responder.Id, link, RandomNumberGenerator.GetBytes(32)), initiator, binding);
    }

    public HandshakeSide I { get; }

    public HandshakeSide R { get; }

    /// <summary>Every message as it was sent, M1 first.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>Runs it to the end. <paramref name="way"/> gets each message's number, from 1, and its bytes, and returns what arrives.</summary>
    public async Task RunAsync(Func<int, byte[], byte[]>? way = null)
    {
        var step = await I.BeginAsync();
        for (var (from, to) = (I, R); step.Send is { } message; (from, to) = (to, from))
        {
            Sent.Add(message.ToArray());
            step = await to.ReceiveAsync(way is null ? message : way(Sent.Count, message.ToArray()));
        }
    }

    /// <summary>Both accepted each other.</summary>
    public async Task AcceptsAsync()
    {
        await RunAsync();
        Assert.True(I.Last.End == HandshakeEnd.Accepted && R.Last.End == HandshakeEnd.Accepted, $"I: {I.Last.End} {I.Last.Reason} {I.Judgement?.Because}; R: {R.Last.End} {R.Last.Reason} {R.Judgement?.Because}");
    }
}
