using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;

namespace TrustMesh.Cli.Demo;

/// <summary>One device of the demo: a folder with its TPM or token, the files it measures, and its agent's state.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoDevice
{
    /// <summary>All devices of the demo are of one model, so one of them can be learnt from for all.</summary>
    public const string Model = "traffic-sensor";

    private static readonly string[] Sites = ["north", "harbour", "airport", "market", "depot", "south"];

    private readonly DemoFolder demo;
    private readonly string folder;

    private DemoDevice(DemoFolder demo, int number, DemoRoot root)
    {
        (this.demo, Number, Root) = (demo, number, root);
        Site = Sites[(number - 1) % Sites.Length];
        var kind = root switch { DemoRoot.Tpm => "sensor", DemoRoot.Software => "camera", _ => "terminal" };
        Name = string.Create(CultureInfo.InvariantCulture, $"{kind}-{Site}-{(number - 1) / Sites.Length + 1}");
        folder = demo.Folder("devices", $"device-{number}");
    }

    /// <summary>From 1, in the order of <see cref="DemoRoot"/>.</summary>
    public int Number { get; }

    public DemoRoot Root { get; }

    public string Name { get; }

    public string Site { get; }

    /// <summary>A file it measures, for people to change.</summary>
    public string Sensitive => At("fs", "etc", "sensor.conf");

    /// <summary>The agent's configuration.</summary>
    public string Config => At("agent.json");

    /// <summary>Where applications of the device ask its agent.</summary>
    public string Door => demo.Socket($"device-{Number}-agent.sock");

    /// <summary>State of its TPM.</summary>
    public string TpmState => At("tpm");

    /// <summary>Its token, what SoftHSM reads to find it, and the file with its PIN.</summary>
    public string TokenFolder => At("token");

    /// <inheritdoc cref="TokenFolder"/>
    public string TokenSettings => At("token", "softhsm2.conf");

    /// <inheritdoc cref="TokenFolder"/>
    public string PinFile => At("token", "pin");

    private string Socket => demo.Socket($"device-{Number}.sock");

    public static IReadOnlyList<DemoDevice> Of(DemoFolder demo, DemoOptions options)
        => [.. Enumerable.Repeat(DemoRoot.Tpm, options.Devices).Concat(Enumerable.Repeat(DemoRoot.Software, options.Software)).Concat(Enumerable.Repeat(DemoRoot.Hsm, options.Hsm))
            .Select((root, at) => new DemoDevice(demo, at + 1, root))];

    /// <summary>Writes its files unless they are there: what someone changed stays changed over a restart, as on a real device.</summary>
    public void WriteFiles()
    {
        Write("etc/sensor.conf", "# traffic sensor\nsample_interval_ms = 250\nuplink = mesh\nanonymise = true\n");
        Write("opt/sensor/controller.py", "import sensor\n\nfor passage in sensor.passages():\n    sensor.report(passage.speed, passage.lane)\n");
        Write("opt/sensor/firmware.bin", string.Concat(Enumerable.Range(0, 512).Select(at => $"{at * 2654435761 % 4294967296:x8}")));
    }

    /// <summary>Starts its TPM; returns when that listens.</summary>
    public async Task StartTpmAsync(Children children, CancellationToken ct)
    {
        if (Root != DemoRoot.Tpm) return;
        var pid = demo.Fresh(At("tpm.pid"));
        foreach (var socket in (string[])[Socket, Socket + ".ctrl"]) File.Delete(socket);
        await children.StartAsync($"TPM of {Name}", demo.Log($"device-{Number}-tpm"), folder,
            Tool.Find("swtpm"), "socket", "--tpm2", "--tpmstate", "dir=" + TpmState, "--server", "type=unixio,path=" + Socket,
            "--ctrl", $"type=unixio,path={Socket}.ctrl", "--pid", "file=" + pid, "--flags", "not-need-init,startup-clear");
        await Arrival.OfAsync(pid, ct);
    }

    /// <summary>Writes its configuration and starts its agent, in the place it has on the network.</summary>
    public async Task StartAgentAsync(Children children, Programs programs, Place place, IReadOnlyList<string> silos, CancellationToken ct)
    {
        await File.WriteAllBytesAsync(Config, Configuration(place, silos), ct);
        File.Delete(Door);
        // As in the service's unit (infra/systemd); and only this agent is to find this token.
        IReadOnlyList<string> settings = ["env", "DOTNET_GCgen0size=0x200000", "MALLOC_ARENA_MAX=2", .. Root == DemoRoot.Hsm ? (string[])[$"SOFTHSM2_CONF={TokenSettings}"] : []];
        await children.StartAsync(AgentName, demo.Log($"device-{Number}-agent"), folder, [.. place.Enter, .. settings, programs.Agent, "run", "--config", Config]);
    }

    /// <summary>Of the agent among the demo's children.</summary>
    public string AgentName => $"agent of {Name}";

    private byte[] Configuration(Place place, IReadOnlyList<string> silos)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new() { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", Name);
            writer.WriteString("site", Site);
            writer.WriteString("model", Model);
            writer.WriteString("state", At("agent"));
            if (silos.Count == 1) writer.WriteString("silo", silos[0]);
            else WriteTexts(writer, "silo", [.. silos]);
            writer.WriteString("joinTokenFile", demo.JoinToken);
            WriteRoot(writer);
            writer.WriteStartArray("measure");
            writer.WriteStartObject();
            writer.WriteString("root", At("fs"));
            WriteTexts(writer, "files", "etc/**", "opt/**");
            writer.WriteEndObject();
            writer.WriteEndArray();
            WritePeers(writer, place);
            writer.WriteEndObject();
        }
        return json.ToArray();
    }

    private void WriteRoot(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("root");
        writer.WriteString("kind", Root switch { DemoRoot.Tpm => "tpm", DemoRoot.Software => "software", _ => "pkcs11" });
        if (Root == DemoRoot.Tpm) writer.WriteString("tpm", "unix:" + Socket);
        if (Root == DemoRoot.Hsm)
        {
            writer.WriteString("module", TokenFactory.Module);
            writer.WriteString("token", Name);
            writer.WriteString("pinFile", PinFile);
        }
        writer.WriteEndObject();
    }

    /// <summary>The kernel's doors are closed only where the device has a namespace of its own: elsewhere they would be the machine's.</summary>
    private void WritePeers(Utf8JsonWriter writer, Place place)
    {
        writer.WriteStartObject("socket");
        writer.WriteString("path", Door);
        writer.WriteEndObject();
        writer.WriteStartObject("peer");
        writer.WriteString("listen", place.Peers.ToString());
        WriteTexts(writer, "addresses", place.Peers.ToString());
        writer.WriteEndObject();
        if (place.Namespace is null) return;
        writer.WriteStartObject("admission");
        writer.WriteString("mode", "nftables");
        WriteTexts(writer, "allow");
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, params ReadOnlySpan<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private void Write(string name, string content)
    {
        var file = At("fs", name);
        if (File.Exists(file)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    private string At(params string[] parts) => Path.Combine([folder, .. parts]);
}
