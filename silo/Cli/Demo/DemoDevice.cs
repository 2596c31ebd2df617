using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;

namespace TrustMesh.Cli.Demo;

/// <summary>One device of the demo: a folder with its TPM, the files it measures, and its agent's state.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DemoDevice
{
    /// <summary>All devices of the demo are of one model, so one of them can be learnt from for all.</summary>
    public const string Model = "traffic-sensor";

    private static readonly string[] Sites = ["north", "harbour", "airport", "market", "depot", "south"];

    private readonly DemoFolder demo;
    private readonly string folder;

    private DemoDevice(DemoFolder demo, int number, bool software)
    {
        (this.demo, Number, IsSoftware) = (demo, number, software);
        Site = Sites[(number - 1) % Sites.Length];
        Name = string.Create(CultureInfo.InvariantCulture, $"{(software ? "camera" : "sensor")}-{Site}-{(number - 1) / Sites.Length + 1}");
        folder = demo.Folder("devices", $"device-{number}");
    }

    public int Number { get; }

    public bool IsSoftware { get; }

    public string Name { get; }

    public string Site { get; }

    /// <summary>A file it measures, for people to change.</summary>
    public string Sensitive => At("fs", "etc", "sensor.conf");

    /// <summary>State of its TPM.</summary>
    public string TpmState => At("tpm");

    private string Socket => demo.Socket($"device-{Number}.sock");

    public static IReadOnlyList<DemoDevice> Of(DemoFolder demo, DemoOptions options)
        => [.. Enumerable.Range(1, options.Devices + options.Software).Select(number => new DemoDevice(demo, number, number > options.Devices))];

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
        if (IsSoftware) return;
        var pid = demo.Fresh(At("tpm.pid"));
        foreach (var socket in (string[])[Socket, Socket + ".ctrl"]) File.Delete(socket);
        await children.StartAsync($"TPM of {Name}", demo.Log($"device-{Number}-tpm"), folder,
            TpmFactory.Tool("swtpm"), "socket", "--tpm2", "--tpmstate", "dir=" + TpmState, "--server", "type=unixio,path=" + Socket,
            "--ctrl", $"type=unixio,path={Socket}.ctrl", "--pid", "file=" + pid, "--flags", "not-need-init,startup-clear");
        await Arrival.OfAsync(pid, ct);
    }

    /// <summary>Writes its configuration and starts its agent.</summary>
    public async Task StartAgentAsync(Children children, Programs programs, string silo, CancellationToken ct)
    {
        var config = At("agent.json");
        await File.WriteAllBytesAsync(config, Configuration(silo), ct);
        await children.StartAsync($"agent of {Name}", demo.Log($"device-{Number}-agent"), folder, programs.Agent, "run", "--config", config);
    }

    private byte[] Configuration(string silo)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new() { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", Name);
            writer.WriteString("site", Site);
            writer.WriteString("model", Model);
            writer.WriteString("state", At("agent"));
            writer.WriteString("silo", silo);
            writer.WriteString("joinTokenFile", demo.JoinToken);
            writer.WriteStartObject("root");
            writer.WriteString("kind", IsSoftware ? "software" : "tpm");
            if (!IsSoftware) writer.WriteString("tpm", "unix:" + Socket);
            writer.WriteEndObject();
            writer.WriteStartArray("measure");
            writer.WriteStartObject();
            writer.WriteString("root", At("fs"));
            writer.WriteStartArray("files");
            writer.WriteStringValue("etc/**");
            writer.WriteStringValue("opt/**");
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
        return json.ToArray();
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
