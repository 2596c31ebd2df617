using System.Diagnostics;
using System.Security.Cryptography;
using TrustMesh.Agent.Measuring;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Tests.Agent;

public sealed class FileReaderTests : IDisposable
{
    private readonly Folder folder = new();

    [Fact]
    public void A_plain_file_is_its_content()
    {
        var content = RandomNumberGenerator.GetBytes(300_000);
        File.WriteAllBytes(folder["big"], content);
        var reading = Read("big");
        Assert.Equal((LogEntryKind.File, true), (reading.Kind, reading.Settled));
        Assert.Equal(SHA256.HashData(content), reading.Digest);
    }

    [Fact]
    public void A_missing_file_is_absent() => Assert.True(Read("nothing/there").SameAs(Reading.Absent));

    [Fact]
    public void A_symlink_is_a_link_and_not_what_it_points_to()
    {
        folder.Write("target", "content");
        File.CreateSymbolicLink(folder["link"], folder["target"]);
        var reading = Read("link");
        Assert.Equal(LogEntryKind.Event, reading.Kind);
        Assert.Equal($"symlink to {folder["target"]}", reading.Text);
        Assert.False(reading.SameAs(Read("target")));
    }

    [Fact]
    public void A_pipe_is_not_waited_for()
    {
        using var made = Process.Start("mkfifo", folder["pipe"]);
        made.WaitForExit();
        Assert.Equal("not a plain file: pipe", Read("pipe").Text);
    }

    [Fact]
    public void A_directory_in_place_of_a_file_is_an_event()
    {
        Directory.CreateDirectory(folder["dir"]);
        Assert.Equal("not a plain file: directory", Read("dir").Text);
    }

    [Fact]
    public void A_file_that_may_not_be_read_is_an_event()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read every file, so none is unreadable here");
        File.SetUnixFileMode(folder.Write("secret", "x"), UnixFileMode.None);
        Assert.StartsWith("unreadable", Read("secret").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A44_A_name_with_a_line_end_is_recorded_and_can_not_forge_another()
    {
        var hostile = MeasuredName.Of("", "etc/x\n/etc/passwd", folder["x"]);
        Assert.DoesNotContain(hostile.Name, char.IsControl);
        Assert.NotNull(hostile.Problem);
        Assert.NotEqual(hostile.Name, MeasuredName.Of("", "etc/x\r/etc/passwd", folder["x"]).Name);
    }

    [Fact]
    public void A_name_too_long_for_the_log_is_still_in_it()
    {
        var file = MeasuredName.Of("", string.Join('/', Enumerable.Repeat(new string('a', 100), 3)), folder["x"]);
        Assert.True(file.Name.Length <= MeasuredName.LongestBytes);
        Assert.NotNull(file.Problem);
        Assert.Null(MeasuredName.Of("/app", "größe/日本", "").Problem);
    }

    public void Dispose() => folder.Dispose();

    private Reading Read(string name) => FileReader.Read(new("/" + name, folder[name]));
}
