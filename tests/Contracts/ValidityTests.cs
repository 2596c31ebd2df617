using TrustMesh.Contracts;

namespace TrustMesh.Tests.Contracts;

public sealed class ValidityTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(-1, 40, null)]
    [InlineData(-1, 30, null)]
    [InlineData(-1, 29, "expires soon")]
    [InlineData(-1, 0, "expired")]
    [InlineData(-9, -1, "expired")]
    [InlineData(1, 40, "not valid yet")]
    [InlineData(-1, null, null)]
    public void What_ends_soon_has_ended_or_has_not_begun_says_so(int? from, int? until, string? word)
        => Assert.Equal(word, Validity.Word(Days(from), Days(until), Now, Validity.CertificateSoon));

    private static DateTimeOffset? Days(int? days) => days is { } some ? Now.AddDays(some) : null;
}
