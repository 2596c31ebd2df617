using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TrustMesh.Agent.Configuration;

/// <summary>
/// One line of the allow-list: <c>10.1.0.0/16</c>, <c>10.0.0.9 tcp 22</c>, <c>fd00::/8 udp 53</c>. Without protocol and port everything between this
/// device and those addresses passes. With them, connections to that port pass, whichever end begins: a connection from there to this device's
/// port, and from this device to the port there.
/// </summary>
/// <param name="Network">IPv4 or IPv6, no bit set behind the prefix.</param>
/// <param name="Port">1 to 65535; 0 with <see cref="AllowedProtocol.Any"/> alone.</param>
public sealed record AllowRule(IPNetwork Network, AllowedProtocol Protocol, int Port)
{
    private const int LongestText = 64;

    /// <summary>Reads one line. False: <paramref name="problem"/> is one sentence that says what to write.</summary>
    public static bool TryParse(string text, out AllowRule rule, out string problem)
    {
        rule = new(default, AllowedProtocol.Any, 0);
        problem = "";
        if (text.Length > LongestText) problem = $"An entry has {text.Length} characters; none needs more than {LongestText}.";
        else
        {
            var words = text.Split(' ');
            if (words.Length is not (1 or 3) || words.Contains("")) problem = $"\"{text}\" must be an address or network, or one with protocol and port, like \"10.1.0.0/16\" or \"10.0.0.9 tcp 22\".";
            else if (ReadNetwork(words[0], out var network, out problem) && ReadPort(words, out var protocol, out var port, out problem))
            {
                if (network.PrefixLength == 0 && protocol == AllowedProtocol.Any) problem = $"\"{text}\" would let everyone in; set the mode to \"{AdmissionSettings.Off}\", or name protocol and port.";
                else rule = new(network, protocol, port);
            }
        }
        return problem.Length == 0;
    }

    public override string ToString()
        => Protocol == AllowedProtocol.Any ? $"{Network}" : string.Create(CultureInfo.InvariantCulture, $"{Network} {(Protocol == AllowedProtocol.Tcp ? "tcp" : "udp")} {Port}");

    private static bool ReadNetwork(string word, out IPNetwork network, out string problem)
    {
        network = default;
        problem = "";
        var slash = word.IndexOf('/');
        var bare = slash < 0 ? word : word[..slash];
        // IPAddress alone would also take "10.1", octal numbers, brackets and scopes: one address is written in one way here.
        if (bare.AsSpan().ContainsAnyExcept("0123456789abcdefABCDEF.:") || !IPAddress.TryParse(bare, out var address) || (address.AddressFamily == AddressFamily.InterNetwork && address.ToString() != bare))
            problem = $"\"{bare}\" is not an IP address; write it like 10.0.0.9 or fd00::9 (names are not looked up here).";
        else if (address.IsIPv4MappedToIPv6)
            problem = $"\"{bare}\" is an IPv4 address in IPv6 clothes; write {address.MapToIPv4()}.";
        else
        {
            var bits = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
            var prefix = bits;
            if (slash >= 0 && (!int.TryParse(word.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits || word[(slash + 1)..] != prefix.ToString(CultureInfo.InvariantCulture)))
                problem = $"\"{word}\" has a prefix that is not a number from 0 to {bits}.";
            else if (Masked(address, prefix) is var start && !start.Equals(address))
                problem = $"\"{word}\" has bits behind its prefix; write {start}/{prefix}, or {bare} for that one address.";
            else network = new(address, prefix);
        }
        return problem.Length == 0;
    }

    private static bool ReadPort(string[] words, out AllowedProtocol protocol, out int port, out string problem)
    {
        (protocol, port, problem) = (AllowedProtocol.Any, 0, "");
        if (words.Length == 1) return true;
        protocol = words[1] switch { "tcp" => AllowedProtocol.Tcp, "udp" => AllowedProtocol.Udp, _ => AllowedProtocol.Any };
        if (protocol == AllowedProtocol.Any) problem = $"\"{words[1]}\" is not a protocol; write tcp or udp.";
        else if (!int.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > IPEndPoint.MaxPort || words[2][0] == '0')
            problem = $"\"{words[2]}\" is not a port; write a number from 1 to {IPEndPoint.MaxPort}.";
        return problem.Length == 0;
    }

    private static IPAddress Masked(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++) bytes[i] &= (byte)(0xff00 >> Math.Clamp(prefix - i * 8, 0, 8));
        return new(bytes);
    }
}
