using TrustMesh.Contracts;
using TrustMesh.Trust.Operators;
using TrustMesh.Tests.Trust;

namespace TrustMesh.Tests.Trust.Operators;

public sealed class PinBookTests
{
    [Fact]
    public async Task A42_a_person_has_no_more_pins_than_the_cap_and_one_that_is_there_is_moved()
    {
        var book = new PinBook(new MemoryRecordStore());
        for (var i = 0; i < PinBook.Most; i++) Assert.True(await book.PutAsync("ann", new($"d{i}", 0, 0), default));
        Assert.False(await book.PutAsync("ann", new("one-more", 0, 0), default));
        Assert.True(await book.PutAsync("ann", new("d7", 0.5, -0.5), default));
        Assert.True(await book.PutAsync("bob", new("one-more", 0, 0), default));
        var pins = await book.ListAsync("ann", default);
        Assert.Equal((PinBook.Most, new GraphPin("d7", 0.5, -0.5)), (pins.Count, pins[^1]));
        await book.RemoveAsync("ann", "d7", default);
        await book.RemoveAsync("ann", "nobody", default);
        Assert.Equal(PinBook.Most - 1, (await book.ListAsync("ann", default)).Count);
        await book.RemoveAsync("ann", null, default);
        Assert.Empty(await book.ListAsync("ann", default));
        Assert.Single(await book.ListAsync("bob", default));
    }

    [Fact]
    public async Task A43_a_row_that_cannot_be_read_is_none_and_the_next_pin_writes_it_anew()
    {
        var store = new MemoryRecordStore();
        await store.WriteAsync("graph-pins", "ann", 0, "{\"pins\":"u8.ToArray(), default);
        var book = new PinBook(store);
        Assert.Empty(await book.ListAsync("ann", default));
        Assert.True(await book.PutAsync("ann", new("d1", 0, 0), default));
        Assert.Single(await book.ListAsync("ann", default));
    }

    [Fact]
    public async Task Two_browsers_of_one_person_at_once_lose_nothing()
    {
        var book = new PinBook(new MemoryRecordStore());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => Task.Run(() => book.PutAsync("ann", new($"d{i}", 0, 0), default))));
        Assert.Equal(4, (await book.ListAsync("ann", default)).Count);
    }
}
