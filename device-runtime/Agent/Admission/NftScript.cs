using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TrustMesh.Agent.Configuration;

namespace TrustMesh.Agent.Admission;

/// <summary>
/// The texts that <c>nft -f -</c> reads; each is one transaction of the kernel, in force as a whole or not at all. Made from addresses, numbers and our
/// own words: nothing that came as text gets in (attack A44).
/// <list type="number">
/// <item>No packet passes for being part of an established connection. What a peer began ends when its element does (attack A49), in the middle of a
/// transfer if need be. Where only answers may pass, connection tracking says that they are answers, and the rule says to which port.</item>
/// <item>Elements carry their own timeout. The kernel's clock runs without the agent, and nobody can set it back.</item>
/// </list>
/// </summary>
internal static class NftScript
{
    /// <summary>Most addresses at once, per family.</summary>
    private const int MostPeers = 4096, MostReached = 4096;

    /// <summary>The doors, closed; takes the place of a table of the same name in the same instant.</summary>
    public static string Close(NftTable table, int meshPort, IReadOnlyList<AllowRule> allow)
    {
        var script = new StringBuilder();
        // Deleting wants a table that is there; adding one that is there changes nothing.
        script.Append(CultureInfo.InvariantCulture, $"add table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n");
        script.Append(CultureInfo.InvariantCulture, $"  set peers4 {{ type ipv4_addr; flags timeout; size {MostPeers}; }}\n  set peers6 {{ type ipv6_addr; flags timeout; size {MostPeers}; }}\n");
        script.Append(CultureInfo.InvariantCulture, $"  set reach4 {{ type ipv4_addr . inet_service; size {MostReached}; }}\n  set reach6 {{ type ipv6_addr . inet_service; size {MostReached}; }}\n");
        Input(script, meshPort, allow);
        Output(script, meshPort, allow);
        return script.Append("}\n").ToString();
    }

    public static string Reach(NftTable table, IReadOnlyCollection<IPEndPoint> endpoints)
    {
        var script = new StringBuilder();
        foreach (var (set, family) in Families("reach"))
        {
            script.Append(CultureInfo.InvariantCulture, $"flush set inet {table} {set}\n");
            var elements = endpoints.Select(one => new IPEndPoint(Plain(one.Address), one.Port)).Where(one => one.AddressFamily == family).Distinct().Take(MostReached)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Address} . {one.Port}")).ToList();
            if (elements.Count > 0) script.Append(CultureInfo.InvariantCulture, $"add element inet {table} {set} {{ {string.Join(", ", elements)} }}\n");
        }
        return script.ToString();
    }

    /// <summary>Kernels before 6.12 leave the timeout of an element that is there already as it was. So: take it out, put it in, in one transaction.</summary>
    public static string Admit(NftTable table, IPAddress address, TimeSpan lifetime)
    {
        var element = string.Create(CultureInfo.InvariantCulture, $"{Plain(address)} timeout {Math.Max(1, (long)lifetime.TotalMilliseconds)}ms");
        var set = SetOf(address);
        return $"add element inet {table} {set} {{ {element} }}\ndelete element inet {table} {set} {{ {Plain(address)} }}\nadd element inet {table} {set} {{ {element} }}\n";
    }

    /// <summary>Adds before it deletes, because deleting wants an element that is there.</summary>
    public static string Expel(NftTable table, IPAddress address)
        => $"add element inet {table} {SetOf(address)} {{ {Plain(address)} timeout 1s }}\ndelete element inet {table} {SetOf(address)} {{ {Plain(address)} }}\n";

    /// <summary>Prints the chains, which have to stay as they were. A script each: nft 1.0.6 finds no second chain in one.</summary>
    public static IReadOnlyList<string> Show(NftTable table) => [$"list chain inet {table} input\n", $"list chain inet {table} output\n"];

    public static string Remove(NftTable table) => $"add table inet {table}\ndelete table inet {table}\n";

    private static void Input(StringBuilder script, int meshPort, IReadOnlyList<AllowRule> allow)
    {
        script.Append(CultureInfo.InvariantCulture, $$"""
              chain input {
                type filter hook input priority filter; policy drop;
                iif "lo" accept
                icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
                ip6 saddr fe80::/10 icmpv6 type mld-listener-query accept
                ct state related icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
                ct state related icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept
                udp sport 67 udp dport 68 accept
                ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept
                ip saddr @peers4 accept
                ip6 saddr @peers6 accept
                tcp dport {{meshPort}} accept
                ip saddr . tcp sport @reach4 ct direction reply accept
                ip6 saddr . tcp sport @reach6 ct direction reply accept

            """);
        foreach (var rule in allow) Append(script, rule, "saddr");
        script.Append("  }\n");
    }

    private static void Output(StringBuilder script, int meshPort, IReadOnlyList<AllowRule> allow)
    {
        script.Append(CultureInfo.InvariantCulture, $$"""
              chain output {
                type filter hook output priority filter; policy drop;
                oif "lo" accept
                icmpv6 type { nd-router-solicit, nd-neighbor-solicit, nd-neighbor-advert } ip6 hoplimit 255 accept
                icmpv6 type { mld-listener-report, mld-listener-done, mld2-listener-report } accept
                ct state related icmp type { destination-unreachable, time-exceeded, parameter-problem } accept
                ct state related icmpv6 type { destination-unreachable, packet-too-big, time-exceeded, parameter-problem } accept
                udp sport 68 udp dport 67 accept
                udp sport 546 udp dport 547 accept
                ip daddr @peers4 accept
                ip6 daddr @peers6 accept
                tcp sport {{meshPort}} ct direction reply accept
                ip daddr . tcp dport @reach4 accept
                ip6 daddr . tcp dport @reach6 accept

            """);
        foreach (var rule in allow) Append(script, rule, "daddr");
        script.Append("  }\n");
    }

    /// <summary>A connection to the port passes whoever begins it; from the port only answers pass, or whoever may use port 22 could choose it as source and reach every port.</summary>
    private static void Append(StringBuilder script, AllowRule rule, string side)
    {
        var network = rule.Network;
        var other = $"    {(network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? "ip" : "ip6")} {side} {network.BaseAddress}/{network.PrefixLength.ToString(CultureInfo.InvariantCulture)}";
        if (rule.Protocol == AllowedProtocol.Any)
        {
            script.Append(CultureInfo.InvariantCulture, $"{other} accept\n");
            return;
        }
        var protocol = rule.Protocol == AllowedProtocol.Tcp ? "tcp" : "udp";
        script.Append(CultureInfo.InvariantCulture, $"{other} {protocol} dport {rule.Port} accept\n{other} {protocol} sport {rule.Port} ct direction reply accept\n");
    }

    private static IEnumerable<(string Set, AddressFamily Family)> Families(string set) => [(set + "4", AddressFamily.InterNetwork), (set + "6", AddressFamily.InterNetworkV6)];

    private static string SetOf(IPAddress address) => Plain(address).AddressFamily == AddressFamily.InterNetwork ? "peers4" : "peers6";

    /// <summary>As the kernel's sets know addresses: IPv4 where it is one, and without an interface.</summary>
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());
}
