"""What CloudFront does with a request before it looks into its cache."""

from typing import Final

# The other name leads to the shop's own, with path and query: cookies and links are those of one name.
ONE_NAME: Final = """\
function handler(event) {
  var request = event.request;
  var host = request.headers.host.value;
  if (host.indexOf('www.') !== 0) return request;
  var query = Object.keys(request.querystring).map(function (key) {
    var given = request.querystring[key];
    return (given.multiValue || [given]).map(function (each) {
      return each.value ? key + '=' + each.value : key;
    }).join('&');
  }).join('&');
  return {
    statusCode: 301,
    statusDescription: 'Moved Permanently',
    headers: { location: { value: 'https://' + host.slice(4) + request.uri + (query ? '?' + query : '') } }
  };
}
"""
