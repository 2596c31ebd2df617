using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrustMesh.Trust.Joining;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Device;

/// <summary>
/// What belongs to one TLS connection: the client's key, the channel binding, and what was asked on it. Lives and dies with the
/// connection, so that an answer can only come over the channel its question went (attack A31).
/// </summary>
public sealed class DeviceChannel
{
    /// <summary>.NET puts a SEC_CHANNEL_BINDINGS structure and the binding's name before the value.</summary>
    private const int BindingHeader = 32;
    private const string BindingPrefix = "tls-unique:";

    private PendingChallenge? challenge;
    private PendingEnrolment? enrolment;

    public DeviceChannel(X509Certificate2 client, SslStream tls)
    {
        SessionKey = client.PublicKey.ExportSubjectPublicKeyInfo();
        SessionKeyHash = SHA256.HashData(SessionKey.Span);
        Binding = Finished(tls);
    }

    /// <summary>SubjectPublicKeyInfo of the device's TLS key.</summary>
    public ReadOnlyMemory<byte> SessionKey { get; }

    /// <summary>SHA-256 of it, 32 bytes.</summary>
    public ReadOnlyMemory<byte> SessionKeyHash { get; }

    /// <summary>The client's TLS Finished value; empty where the platform does not give it (PROTOCOL.md section 3).</summary>
    public ReadOnlyMemory<byte> Binding { get; }

    /// <summary>The membership last sent on this connection; empty before the first.</summary>
    public ReadOnlyMemory<byte> MembershipSent { get; set; }

    /// <summary>The device whose evidence was accepted on this connection; null before the first.</summary>
    public DeviceId? Proven { get; set; }

    /// <summary>Replaces the question that waits.</summary>
    public void Ask(PendingChallenge question) => Interlocked.Exchange(ref challenge, question);

    /// <summary>Takes the question that waits: whoever answers, answers once.</summary>
    public PendingChallenge? TakeChallenge() => Interlocked.Exchange(ref challenge, null);

    /// <inheritdoc cref="Ask(PendingChallenge)"/>
    public void Ask(PendingEnrolment question) => Interlocked.Exchange(ref enrolment, question);

    /// <inheritdoc cref="TakeChallenge"/>
    public PendingEnrolment? TakeEnrolment() => Interlocked.Exchange(ref enrolment, null);

    /// <summary>The leaf as this end knows it (PROTOCOL.md section 4); the device is the TLS client.</summary>
    public ChallengeLeaf Leaf(PendingChallenge question, DeviceId silo, ReadOnlyMemory<byte> siloKeyHash)
        => new(question.Nonce, silo, question.Device, AttesterRole.TlsClient, SessionKeyHash, siloKeyHash, Binding.IsEmpty ? ChannelBindingType.None : ChannelBindingType.Finished, Binding);

    private static ReadOnlyMemory<byte> Finished(SslStream tls)
    {
        using var binding = tls.TransportContext.GetChannelBinding(ChannelBindingKind.Unique);
        if (binding is null || binding.IsInvalid) return default;
        var bytes = new byte[binding.Size];
        Marshal.Copy(binding.DangerousGetHandle(), bytes, 0, bytes.Length);
        var start = BindingHeader + BindingPrefix.Length;
        return bytes.Length > start ? bytes.AsMemory(start) : default;
    }
}
