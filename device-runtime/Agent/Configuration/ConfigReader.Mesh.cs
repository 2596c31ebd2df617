using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrustMesh.Wire;
using TrustMesh.Wire.Peers;

namespace TrustMesh.Agent.Configuration;

/// <summary>The settings of a device among its peers: whom it meets, who gets in, where applications ask, what it keeps for the silo.</summary>
public static partial class ConfigReader
{
    private static readonly string[] PeerKeys = ["listen", "addresses"], AdmissionKeys = ["mode", "allow"], SocketKeys = ["path", "mode"];

    private static PeerSettings? Peer(ConfigObject top, List<string> problems)
    {
        if (top.Child("peer") is not { } child) return null;
        var peer = new ConfigObject(child, "peer", PeerKeys, problems);
        var text = peer.Text("listen", "");
        var listens = IPEndPoint.TryParse(text, out var listen) && PeerAddress.TryParse(text, out _, out _);
        if (text.Length > 0 && !listens) peer.Wrong("listen", $"must be an address of this device and a port, like 0.0.0.0:{PeerAddress.DefaultPort} or [::]:{PeerAddress.DefaultPort}");
        var addresses = Texts(peer, "addresses");
        foreach (var address in addresses.Where(address => !PeerAddress.TryParse(address, out _, out _)))
            peer.Wrong("addresses", $"has {(address.Length == 0 ? "an entry" : $"\"{address}\"")}, which is not a host or address with a port, like press-1.example:{PeerAddress.DefaultPort}");
        if (addresses.Count > Caps.AddressCount) peer.Wrong("addresses", $"has more than {Caps.AddressCount} entries");
        if (text.Length == 0 && addresses.Count > 0) peer.Wrong("addresses", "has no meaning without \"listen\"");
        var says = listens && !listen!.Address.Equals(IPAddress.Any) && !listen.Address.Equals(IPAddress.IPv6Any) && peer.Child("addresses") is null;
        return new(listens ? listen : null, says ? [text] : addresses);
    }

    private static AdmissionSettings Admission(ConfigObject top, List<string> problems)
    {
        if (top.Child("admission") is not { } child) return AdmissionSettings.None;
        var admission = new ConfigObject(child, "admission", AdmissionKeys, problems);
        var mode = admission.Text("mode", AdmissionSettings.Off);
        if (!AdmissionSettings.Modes.Contains(mode))
        {
            var near = DidYouMean.Nearest(mode, AdmissionSettings.Modes);
            admission.Wrong("mode", $"must be one of {string.Join(", ", AdmissionSettings.Modes)}{(near is null ? "" : $"; did you mean \"{near}\"?")}");
        }
        var rules = new List<AllowRule>();
        var lines = Texts(admission, "allow");
        if (lines.Count > AdmissionSettings.MostRules) admission.Wrong("allow", $"has more than {AdmissionSettings.MostRules} entries");
        foreach (var line in lines.Take(AdmissionSettings.MostRules))
        {
            if (AllowRule.TryParse(line, out var rule, out var problem)) rules.Add(rule);
            else admission.Wrong("allow", $"has an entry that can not be used. {problem.TrimEnd('.')}");
        }
        if (mode == AdmissionSettings.Nftables && top.Child("peer") is null) admission.Wrong("mode", "closes the doors for everyone who is not an accepted peer, and without \"peer\" nobody ever is one; add \"peer\" or choose \"off\"");
        return new(mode, rules);
    }

    private static DoorSettings Socket(ConfigObject top, string state, string folder, List<string> problems)
    {
        if (top.Child("socket") is not { } child) return state.Length == 0 ? new("", DoorSettings.DefaultMode) : DoorSettings.In(state);
        var socket = new ConfigObject(child, "socket", SocketKeys, problems);
        var path = socket.Child("path") is null && state.Length > 0 ? DoorSettings.In(state).Path : FullPath(socket, "path", folder);
        if (System.Text.Encoding.UTF8.GetByteCount(path) > DoorSettings.LongestPath) socket.Wrong("path", $"is longer than {DoorSettings.LongestPath} bytes, the most a Unix socket's path may have");
        var mode = socket.Text("mode", "0660");
        if (!Mode().IsMatch(mode)) socket.Wrong("mode", "must be an octal file mode in quotes that lets the agent's own user write, like \"0660\" or \"0600\"");
        return new(path, Mode().IsMatch(mode) ? (UnixFileMode)Convert.ToInt32(mode, 8) : DoorSettings.DefaultMode);
    }

    private static List<string> Texts(ConfigObject at, string key)
        => [.. at.List(key).Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : "")];

    /// <summary>Reading and writing alone: a socket is not executed, and the bits above the permissions mean nothing on one.</summary>
    [GeneratedRegex(@"\A0?6[0246][0246]\z", RegexOptions.CultureInvariant)]
    private static partial Regex Mode();
}
