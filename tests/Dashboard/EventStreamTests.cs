using System.Text;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Tests.Dashboard;

public sealed class EventStreamTests
{
    [Fact]
    public async Task Reads_events_comments_and_data_of_several_lines()
    {
        var read = await ReadAsync(": hello\n\nevent: delta\nid: 4\ndata: {\"a\":\ndata: 1}\n\ndata:x\n\nevent: resync\ndata: {}\n\n");

        Assert.Equal([("", ""), ("delta", "{\"a\":\n1}"), ("message", "x"), ("resync", "{}")], read);
    }

    [Fact]
    public async Task An_event_cut_in_the_middle_is_not_an_event() => Assert.Empty(await ReadAsync("event: delta\ndata: {\"previous\":1"));

    private static async Task<List<(string, string)>> ReadAsync(string text)
    {
        var read = new List<(string, string)>();
        await foreach (var one in EventStream.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken))
            read.Add(one);
        return read;
    }
}
