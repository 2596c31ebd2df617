using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Authentication.ExtendedProtection;

namespace TrustMesh.Agent.Identity;

/// <summary>The channel binding of PROTOCOL.md section 3: the client's TLS Finished value, equal on both ends and of no other connection (A31).</summary>
public static class TlsFinished
{
    /// <summary>The header SslStream puts before a binding (SEC_CHANNEL_BINDINGS), and the prefix of RFC 5929.</summary>
    private const int Header = 32;
    private const string Prefix = "tls-unique:";

    /// <summary>Empty where the platform does not give it.</summary>
    public static byte[] Of(SslStream stream)
    {
        using var binding = stream.TransportContext.GetChannelBinding(ChannelBindingKind.Unique);
        if (binding is null || binding.IsInvalid) return [];
        var bytes = new byte[binding.Size];
        Marshal.Copy(binding.DangerousGetHandle(), bytes, 0, bytes.Length);
        var start = Header + Prefix.Length;
        return bytes.Length > start ? bytes[start..] : [];
    }
}
